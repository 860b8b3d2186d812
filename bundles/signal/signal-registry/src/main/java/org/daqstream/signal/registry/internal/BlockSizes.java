/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.daqstream.signal.api.writer.SignalWriter;

/**
 * What the block takes that is being written to a signal whose samples differ in length. It is
 * asked when the block is checked; then the writers of all sinks know it. Where a block of several
 * samples is cut, the size of each is asked by the first who wants it.
 *
 * <p>Good for writers that one factory made for one description, so a sink that has a newer or an
 * older writer than the port asks that one itself. For the publisher's thread; allocates nothing
 * for blocks of no more samples than those before.
 */
final class BlockSizes {
  private static final int UNKNOWN = -1;

  private Object samples; // null but while the sinks have the block
  private int offset;
  private int count;
  private int bytes = UNKNOWN;
  private int[] single = {}; // of each sample, from the block's first one on
  private boolean singleKnown; // of any

  /** For the signal of a writer; {@code null} when its samples have one size, which tells all. */
  static BlockSizes of(SignalWriter writer) {
    return writer.sampleBytes() == SignalWriter.VARIABLE ? new BlockSizes() : null;
  }

  /** The writer, with answers from here where there are any. */
  SignalWriter answeringFor(SignalWriter writer) {
    return new Answering(this, writer);
  }

  /** Asks for the size of a block that is about to be written; throws what the writer does. */
  void ask(SignalWriter writer, Object asked, int from, int n) {
    bytes = UNKNOWN;
    bytes = writer.encodedBytes(asked, from, n);
  }

  /** The block that was asked for is with the sinks from now on. */
  void begin(Object written, int from, int n) {
    samples = written;
    offset = from;
    count = n;
    singleKnown = false;
  }

  /** The block is the publisher's again. */
  void end() {
    samples = null;
    bytes = UNKNOWN;
  }

  private int bytesOf(SignalWriter writer, Object asked, int from, int n) {
    if (samples != null && asked == samples) {
      if (from == offset && n == count && bytes != UNKNOWN) {
        return bytes;
      }
      if (n == 1 && from >= offset && from - offset < count) {
        return singleBytes(writer, from);
      }
    }
    return writer.encodedBytes(asked, from, n);
  }

  private int singleBytes(SignalWriter writer, int at) {
    if (!singleKnown) {
      if (single.length < count) {
        single = new int[count];
      }
      Arrays.fill(single, 0, count, UNKNOWN);
      singleKnown = true;
    }
    int index = at - offset;
    if (single[index] == UNKNOWN) {
      single[index] = writer.encodedBytes(samples, at, 1);
    }
    return single[index];
  }

  private record Answering(BlockSizes sizes, SignalWriter writer) implements SignalWriter {
    @Override
    public int sampleBytes() {
      return writer.sampleBytes();
    }

    @Override
    public Map<String, Object> definition() {
      return writer.definition();
    }

    @Override
    public Object newSample() {
      return writer.newSample();
    }

    @Override
    public int encodedBytes(Object samples, int offset, int count) {
      return sizes.bytesOf(writer, samples, offset, count);
    }

    @Override
    public void encode(Object samples, int offset, int count, ByteBuffer target) {
      writer.encode(samples, offset, count, target);
    }
  }
}
