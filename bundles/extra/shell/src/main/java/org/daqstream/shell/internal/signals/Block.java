/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;

/** Samples on their way from a publisher to a terminal, encoded; immutable. */
final class Block {
  /**
   * How samples are to be read, as it stood when they were written.
   *
   * @param wireType the data type that the bytes have for a client
   */
  record Format(SignalDescriptor domain, SignalDescriptor value, String wireType) {}

  private final Format format;
  private final long row;
  private final long tick;
  private final long[] ticks; // null: they are on a line
  private final int[] ends;
  private final byte[] bytes;

  /** Copies stamps and encodes samples; what the writer throws is passed on. */
  Block(
      Format format,
      SignalWriter writer,
      long row,
      long tick,
      long[] ticks,
      Object samples,
      int offset,
      int count) {
    this.format = format;
    this.row = row;
    this.tick = tick;
    this.ticks = ticks == null ? null : Arrays.copyOfRange(ticks, offset, offset + count);
    ends = new int[count];
    bytes = new byte[bytesOf(writer, samples, offset, count)];
    ByteBuffer target = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int sampleBytes = writer.sampleBytes();
    if (sampleBytes == SignalWriter.VARIABLE) {
      for (int i = 0; i < count; i++) {
        target.limit(target.position() + writer.encodedBytes(samples, offset + i, 1));
        writer.encode(samples, offset + i, 1, target);
        ends[i] = target.position();
      }
    } else {
      writer.encode(samples, offset, count, target);
      Arrays.setAll(ends, i -> (i + 1) * sampleBytes);
    }
  }

  /** What the samples take, which were checked; a writer is asked only when it must be. */
  static int bytesOf(SignalWriter writer, Object samples, int offset, int count) {
    int sampleBytes = writer.sampleBytes();
    return sampleBytes == SignalWriter.VARIABLE
        ? writer.encodedBytes(samples, offset, count)
        : (int) Math.min(Integer.MAX_VALUE, (long) count * sampleBytes);
  }

  Format format() {
    return format;
  }

  int count() {
    return ends.length;
  }

  int size() {
    return bytes.length;
  }

  long row(int index) {
    return row + index;
  }

  long tick(int index) {
    if (ticks != null) {
      return ticks[index];
    }
    return tick
        + (format.domain().rule() instanceof Rule.Linear linear ? index * linear.deltaTicks() : 0);
  }

  ByteBuffer sample(int index) {
    int from = index == 0 ? 0 : ends[index - 1];
    return ByteBuffer.wrap(bytes, from, ends[index] - from).slice().order(ByteOrder.LITTLE_ENDIAN);
  }
}
