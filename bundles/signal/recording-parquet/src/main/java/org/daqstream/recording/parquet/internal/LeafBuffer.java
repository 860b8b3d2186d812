/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Type;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.signal.api.ElementType;

/** The values of one column of a signal, as Parquet stores them plainly. */
final class LeafBuffer implements PendingColumn {
  private static final int PAGE_BYTES = 1 << 20;
  private static final int FIRST_ENDS = 16;

  private final Leaf leaf;
  private final Presence presence;
  private final Bytes raw = new Bytes();

  /** Where each value ends, if they differ in length. */
  private int[] ends;

  private final DeltaEncoder encoder;
  private int values;

  LeafBuffer(Leaf leaf, Presence presence, DeltaEncoder encoder) {
    this.encoder = encoder;
    this.leaf = leaf;
    this.presence = presence;
    ends = new int[leaf.element() == null ? FIRST_ENDS : 0];
  }

  /** Takes samples of one size; how many bytes that is. */
  int addFixed(ByteBuffer samples, int sampleBytes, int count) {
    int bytes = count * leaf.elements() * leaf.valueBytes();
    int at = samples.position();
    if (leaf.isAsInSample(sampleBytes)) {
      raw.put(samples, at, bytes);
    } else {
      int target = raw.reserve(bytes);
      ByteBuffer room = ByteBuffer.wrap(raw.array());
      for (int i = 0; i < count; i++) {
        for (int offset : leaf.offsets()) {
          put(room, target, samples, at + i * sampleBytes + offset);
          target += leaf.valueBytes();
        }
      }
      raw.advance(bytes);
    }
    values += count * leaf.elements();
    return bytes;
  }

  private void put(ByteBuffer room, int target, ByteBuffer samples, int at) {
    ElementType type = leaf.element();
    switch (type) {
      case REAL32 -> ElementType.INT32.putLong(room, target, ElementType.INT32.longAt(samples, at));
      case REAL64 -> ElementType.INT64.putLong(room, target, ElementType.INT64.longAt(samples, at));
      default ->
          (leaf.valueBytes() == Integer.BYTES ? ElementType.INT32 : ElementType.INT64)
              .putLong(room, target, type.longAt(samples, at));
    }
  }

  /** Takes samples of any size; how many bytes that is. */
  int addVariable(ByteBuffer samples, RowBlock rows, int column) {
    int before = raw.size();
    int at = samples.position();
    for (int i = 0; i < rows.count(); i++) {
      int bytes = rows.sampleBytes(column, i);
      if (leaf.isText()) {
        addText(samples, at, bytes);
      } else {
        raw.putInt(bytes);
        raw.put(samples, at, bytes);
      }
      at += bytes;
      if (values == ends.length) {
        ends = Arrays.copyOf(ends, values * 2);
      }
      ends[values++] = raw.size();
    }
    return raw.size() - before;
  }

  /** What is no UTF-8 would make other people's readers refuse the file. */
  private void addText(ByteBuffer samples, int at, int bytes) {
    byte[] text = UTF_8.decode(samples.slice(at, bytes)).toString().getBytes(UTF_8);
    raw.putInt(text.length);
    raw.write(text, 0, text.length);
  }

  void clear() {
    raw.clear();
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
    return isWhole() ? Encoding.DELTA_BINARY_PACKED : Encoding.PLAIN;
  }

  private boolean isWhole() {
    return leaf.type() == Type.INT32 || leaf.type() == Type.INT64;
  }

  @Override
  public int rowsPerPage() {
    int perRow =
        leaf.element() == null
            ? raw.size() / Math.max(1, values)
            : leaf.elements() * leaf.valueBytes();
    return Math.max(1, PAGE_BYTES / Math.max(1, perRow));
  }

  @Override
  public Slice values(int fromRow, int toRow, Bytes scratch) {
    int from = offsetOf(presence.presentBefore(fromRow));
    int to = offsetOf(presence.presentBefore(toRow));
    if (!isWhole()) {
      return new Slice(raw.array(), from, to - from);
    }
    int count = (to - from) / leaf.valueBytes();
    long[] page = encoder.room(count);
    ByteBuffer stored = ByteBuffer.wrap(raw.array());
    ElementType type = leaf.type() == Type.INT32 ? ElementType.INT32 : ElementType.INT64;
    for (int i = 0; i < count; i++) {
      page[i] = type.longAt(stored, from + i * type.bytes());
    }
    if (type == ElementType.INT32) {
      encoder.encodeInts(scratch, count);
    } else {
      encoder.encodeLongs(scratch, count);
    }
    return new Slice(scratch.array(), 0, scratch.size());
  }

  private int offsetOf(int sample) {
    if (leaf.element() == null) {
      return sample == 0 ? 0 : ends[sample - 1];
    }
    return sample * leaf.elements() * leaf.valueBytes();
  }

  @Override
  public Statistics statistics(int fromRow, int toRow) {
    int from = presence.presentBefore(fromRow);
    int to = presence.presentBefore(toRow);
    Statistics statistics = new Statistics();
    statistics.setNull_count(toRow - fromRow - (to - from));
    if (leaf.element() != null && from < to) {
      Extremes.put(statistics, leaf, raw.array(), offsetOf(from), offsetOf(to));
    }
    return statistics;
  }
}
