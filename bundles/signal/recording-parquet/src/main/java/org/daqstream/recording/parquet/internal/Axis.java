/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Statistics;

/** Time, ticks or rows: whole numbers, most of them at equal distances. */
final class Axis implements PendingColumn {
  private static final int PAGE_ROWS = 1 << 17;
  private static final int FIRST_STORED = 64;

  /**
   * Numbers on a line, or some of those that are stored, where {@code storedAt} is not negative.
   */
  private record Run(int row, int count, long first, long delta, int storedAt) {
    boolean isLine() {
      return storedAt < 0;
    }

    Run longer(int more) {
      return new Run(row, count + more, first, delta, storedAt);
    }
  }

  private final Leaf leaf;
  private final Presence presence = new Presence();
  private final List<Run> runs = new ArrayList<>();
  private final DeltaEncoder encoder;
  private long[] stored = new long[FIRST_STORED];
  private int storedCount;
  private int values;

  Axis(Leaf leaf, DeltaEncoder encoder) {
    this.encoder = encoder;
    this.leaf = leaf;
  }

  private long at(Run run, int index) {
    return run.isLine() ? run.first + run.delta * index : stored[run.storedAt + index];
  }

  private Run last() {
    return runs.isEmpty() ? null : runs.get(runs.size() - 1);
  }

  void line(long first, long delta, int count) {
    Run last = last();
    if (last != null && last.isLine() && last.delta == delta && at(last, last.count) == first) {
      replaceLast(last.longer(count), count);
    } else if (count == 1 && last != null && !last.isLine()) {
      values(new long[] {first});
    } else {
      add(new Run(values, count, first, delta, -1));
    }
  }

  void values(long[] more) {
    if (stored.length - storedCount < more.length) {
      stored = Arrays.copyOf(stored, Math.max(storedCount + more.length, stored.length * 2));
    }
    System.arraycopy(more, 0, stored, storedCount, more.length);
    Run last = last();
    if (last != null && !last.isLine()) {
      replaceLast(last.longer(more.length), more.length);
    } else {
      add(new Run(values, more.length, 0, 0, storedCount));
    }
    storedCount += more.length;
  }

  private void replaceLast(Run longer, int more) {
    runs.set(runs.size() - 1, longer);
    count(more);
  }

  private void add(Run run) {
    runs.add(run);
    count(run.count);
  }

  private void count(int more) {
    presence.add(more, true);
    values += more;
  }

  void absent(int count) {
    presence.add(count, false);
  }

  void clear() {
    presence.clear();
    runs.clear();
    storedCount = 0;
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
      DeltaEncoder.encodeLine(scratch, at(only, from - only.row), only.delta, to - from);
    } else {
      collect(from, to);
      encoder.encodeLongs(scratch, to - from);
    }
    return new Slice(scratch.array(), 0, scratch.size());
  }

  private Run lineOf(int from, int to) {
    for (Run run : runs) {
      if (run.row <= from && to <= run.row + run.count && from < to) {
        return run.isLine() ? run : null;
      }
    }
    return null;
  }

  private void collect(int from, int to) {
    long[] page = encoder.room(to - from);
    for (Run run : runs) {
      int end = Math.min(to, run.row + run.count);
      for (int i = Math.max(from, run.row); i < end; i++) {
        page[i - from] = at(run, i - run.row);
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
      int step = run.isLine() ? Math.max(1, end - begin - 1) : 1;
      for (int i = begin; i < end; i += step) {
        low = Math.min(low, at(run, i));
        high = Math.max(high, at(run, i));
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
