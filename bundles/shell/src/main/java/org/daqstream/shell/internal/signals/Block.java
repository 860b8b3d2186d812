/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;

/** Samples on their way from a publisher to a terminal, encoded; used again and again. */
final class Block {
  /** A buffer larger than this is not kept. */
  private static final int KEPT_BYTES = 65_536;

  private SignalDescriptor domain;
  private SignalDescriptor value;
  private String wireType = "";
  private long droppedBefore;
  private long row;
  private long tick;
  private long[] ticks = new long[0];
  private boolean explicit;
  private int[] ends = new int[1];
  private int count;
  private ByteBuffer bytes = ByteBuffer.allocate(0);

  /** The samples' signal and its domain as they stood when the samples were written. */
  void describe(SignalDescriptor newDomain, SignalDescriptor newValue, String newWireType) {
    domain = newDomain;
    value = newValue;
    wireType = newWireType;
  }

  /** How many samples were dropped between the block before and this one. */
  void droppedBefore(long samples) {
    droppedBefore = samples;
  }

  /** Takes the place of the samples: the row and the domain values. */
  void place(long firstRow, long firstTick, long[] stamps, int offset, int samples) {
    row = firstRow;
    tick = firstTick;
    count = samples;
    explicit = stamps != null;
    if (explicit) {
      if (ticks.length < samples) {
        ticks = new long[samples];
      }
      System.arraycopy(stamps, offset, ticks, 0, samples);
    }
  }

  /** Encodes the samples that were placed. */
  void fill(SignalWriter writer, Object samples, int offset, int totalBytes) {
    if (bytes.capacity() < totalBytes) {
      bytes = ByteBuffer.allocate(totalBytes).order(ByteOrder.LITTLE_ENDIAN);
    }
    if (ends.length < count) {
      ends = new int[count];
    }
    bytes.clear();
    final int sampleBytes = writer.sampleBytes();
    if (sampleBytes == SignalWriter.VARIABLE) {
      for (int i = 0; i < count; i++) {
        bytes.limit(bytes.position() + writer.encodedBytes(samples, offset + i, 1));
        writer.encode(samples, offset + i, 1, bytes);
        ends[i] = bytes.position();
      }
    } else {
      bytes.limit(totalBytes);
      writer.encode(samples, offset, count, bytes);
      for (int i = 0; i < count; i++) {
        ends[i] = (i + 1) * sampleBytes;
      }
    }
    bytes.flip();
  }

  /** Lets go of what is too large to be kept. */
  void recycle() {
    if (bytes.capacity() > KEPT_BYTES) {
      bytes = ByteBuffer.allocate(0);
    }
  }

  SignalDescriptor domain() {
    return domain;
  }

  SignalDescriptor value() {
    return value;
  }

  /** The data type that the bytes have for a client. */
  String wireType() {
    return wireType;
  }

  long droppedBefore() {
    return droppedBefore;
  }

  int count() {
    return count;
  }

  int size() {
    return bytes.limit();
  }

  long row(int index) {
    return row + index;
  }

  long tick(int index) {
    if (explicit) {
      return ticks[index];
    }
    return tick + (domain.rule() instanceof Rule.Linear linear ? index * linear.deltaTicks() : 0);
  }

  /** The bytes of a sample, valid as long as the block is not used again. */
  ByteBuffer sample(int index) {
    final int from = index == 0 ? 0 : ends[index - 1];
    return bytes.slice(from, ends[index] - from).order(ByteOrder.LITTLE_ENDIAN);
  }
}
