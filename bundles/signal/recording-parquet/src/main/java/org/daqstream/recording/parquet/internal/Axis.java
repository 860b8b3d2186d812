/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Statistics;

/** Time, ticks or rows: whole numbers, most of them at equal distances. */
final class Axis implements PendingColumn {
  private static final int PAGE_ROWS = 1 << 17;

  /** Numbers on a line, or any. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Run(int row, int count, long first, long delta, long[] values) {
    long at(int index) {
      return values == null ? first + delta * index : values[index];
    }
  }

  private final Leaf leaf;
  private final Presence presence = new Presence();
  private final List<Run> runs = new ArrayList<>();
  private final DeltaEncoder encoder;
  private int values;

  Axis(Leaf leaf, DeltaEncoder encoder) {
    this.encoder = encoder;
    this.leaf = leaf;
  }

  void line(long first, long delta, int count) {
    presence.add(count, true);
    if (!runs.isEmpty()) {
      int last = runs.size() - 1;
      Run run = runs.get(last);
      if (run.values == null && run.delta == delta && run.at(run.count) == first) {
        runs.set(last, new Run(run.row, run.count + count, run.first, delta, null));
        values += count;
        return;
      }
    }
    add(new Run(values, count, first, delta, null));
  }

  void values(long[] more) {
    presence.add(more.length, true);
    add(new Run(values, more.length, 0, 0, more));
  }

  void absent(int count) {
    presence.add(count, false);
  }

  private void add(Run run) {
    runs.add(run);
    values += run.count;
  }

  void clear() {
    presence.clear();
    runs.clear();
    values = 0;
  }

  @Override
  public Leaf leaf() {
    return leaf;
  }

  @Override
  public Presence presence() {
    return presence;
  }

  @Override
  public Encoding encoding() {
    return Encoding.DELTA_BINARY_PACKED;
  }

  @Override
  public int rowsPerPage() {
    return PAGE_ROWS;
  }

  @Override
  public Slice values(int fromRow, int toRow, Bytes scratch) {
    int from = presence.presentBefore(fromRow);
    int to = presence.presentBefore(toRow);
    Run only = lineOf(from, to);
    if (only != null) {
      DeltaEncoder.encodeLine(scratch, only.at(from - only.row), only.delta, to - from);
    } else {
      collect(from, to);
      encoder.encodeLongs(scratch, to - from);
    }
    return new Slice(scratch.array(), 0, scratch.size());
  }

  private Run lineOf(int from, int to) {
    for (Run run : runs) {
      if (run.row <= from && to <= run.row + run.count && from < to) {
        return run.values == null ? run : null;
      }
    }
    return null;
  }

  private void collect(int from, int to) {
    long[] page = encoder.room(to - from);
    for (Run run : runs) {
      int end = Math.min(to, run.row + run.count);
      for (int i = Math.max(from, run.row); i < end; i++) {
        page[i - from] = run.at(i - run.row);
      }
    }
  }

  @Override
  public Statistics statistics(int fromRow, int toRow) {
    int from = presence.presentBefore(fromRow);
    int to = presence.presentBefore(toRow);
    Statistics statistics = new Statistics();
    statistics.setNull_count(toRow - fromRow - (to - from));
    long low = Long.MAX_VALUE;
    long high = Long.MIN_VALUE;
    for (Run run : runs) {
      int end = Math.min(to, run.row + run.count) - run.row;
      int begin = Math.max(from, run.row) - run.row;
      int step = run.values == null ? Math.max(1, end - begin - 1) : 1;
      for (int i = begin; i < end; i += step) {
        low = Math.min(low, run.at(i));
        high = Math.max(high, run.at(i));
      }
    }
    if (from < to) {
      statistics.setMin_value(eightBytes(low));
      statistics.setMax_value(eightBytes(high));
    }
    return statistics;
  }

  private static byte[] eightBytes(long value) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }
}
