/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.daqstream.recording.support.SampleSize;
import org.daqstream.signal.api.ElementType;

/** The samples of a signal: of one column, or of several that each have a part of them. */
final class SignalCursor {
  /** Samples of about so many bytes are read at once. */
  static final int BLOCK_BYTES = 1 << 20;

  private final List<ColumnCursor> columns;
  private final List<Leaf> leaves;
  private final int sampleBytes;
  private final Bytes room = new Bytes();
  private long[] bits = {};
  private int[] ends = {};
  private ByteBuffer samples;

  /** With a column for each leaf. */
  SignalCursor(FileSignal signal, List<ColumnCursor> columns) {
    this.columns = columns;
    leaves = signal.leaves();
    sampleBytes = SampleSize.of(signal.descriptor());
  }

  /** How many of the next rows are alike, at most so many. */
  int alike(int limit) throws IOException {
    int most = sampleBytes == 0 ? limit : Math.max(1, Math.min(limit, BLOCK_BYTES / sampleBytes));
    for (ColumnCursor each : columns) {
      try {
        most = each.alike(most);
      } catch (IOException | RuntimeException e) {
        throw each.failure(e);
      }
      if (each.isPresent() != columns.get(0).isPresent()) {
        throw each.failure(new IOException("a part of a sample is missing"));
      }
    }
    return most;
  }

  /** Reads the samples of some rows that are alike. */
  void read(int count) throws IOException {
    samples = null;
    boolean isPresent = columns.get(0).isPresent();
    room.clear();
    if (isPresent && sampleBytes != SampleSize.VARIABLE) {
      room.reserve(count * sampleBytes);
    }
    for (int i = 0; i < leaves.size(); i++) {
      try {
        if (!isPresent) {
          columns.get(i).passMissing(count);
        } else if (sampleBytes == SampleSize.VARIABLE) {
          readVariable(columns.get(i), count);
        } else {
          readFixed(columns.get(i), leaves.get(i), count);
        }
      } catch (IOException | RuntimeException e) {
        throw columns.get(i).failure(e);
      }
    }
  }

  private void readVariable(ColumnCursor column, int count) throws IOException {
    ends = ends.length < count ? new int[count] : ends;
    for (int i = 0; i < count; i++) {
      column.bytes(room);
      ends[i] = room.size();
    }
    samples = ByteBuffer.wrap(room.array(), 0, room.size());
  }

  private void readFixed(ColumnCursor column, Leaf leaf, int count) throws IOException {
    if (leaves.size() == 1 && leaf.isAsInSample(sampleBytes)) {
      samples = column.slice(count);
      if (samples != null) {
        return;
      }
    }
    int values = count * leaf.elements();
    bits = bits.length < values ? Arrays.copyOf(bits, values) : bits;
    column.longs(bits, count);
    samples = ByteBuffer.wrap(room.array(), 0, count * sampleBytes);
    put(leaf, count, samples);
  }

  private void put(Leaf leaf, int count, ByteBuffer target) {
    ElementType type =
        switch (leaf.element()) {
          case REAL32 -> ElementType.INT32; // the same bits
          case REAL64 -> ElementType.INT64;
          default -> leaf.element();
        };
    int next = 0;
    for (int row = 0; row < count; row++) {
      for (int offset : leaf.offsets()) {
        type.putLong(target, row * sampleBytes + offset, bits[next++]);
      }
    }
  }

  ByteBuffer samples() {
    return samples;
  }

  int sampleBytes(int index) {
    if (sampleBytes != SampleSize.VARIABLE) {
      return sampleBytes;
    }
    return ends[index] - (index == 0 ? 0 : ends[index - 1]);
  }

  void skip(long rows) {
    columns.forEach(each -> each.skip(rows));
  }
}
