/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.daqstream.signal.api.writer.SignalWriter;

/**
 * What the block takes that is being written to a signal whose samples differ in length. It is
 * asked when the block is checked; then the writers of all sinks know it. Where a block of several
 * samples is cut, each is encoded once for the first who wants to know its size, and what it became
 * is kept until the block is written, for all sinks.
 *
 * <p>Good for writers that one factory made for one description, so a sink that has a newer or an
 * older writer than the port asks that one itself. For the publisher's thread; allocates nothing
 * for blocks no larger than those before, up to {@link #KEPT_BYTES}.
 */
final class BlockSizes {
  private static final int UNKNOWN = -1;

  /** Room for encoded samples that stays between blocks. */
  private static final int KEPT_BYTES = 1 << 20;

  private static final ByteBuffer NO_ROOM = ByteBuffer.allocate(0);

  private Object samples; // null but while the sinks have the block
  private int offset;
  private int count;
  private int bytes = UNKNOWN;
  private ByteBuffer encoded = NO_ROOM; // the samples one behind the other
  private int[] ends = {}; // of each in there
  private boolean isEncoded;

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
    isEncoded = false;
  }

  /** The block is the publisher's again. */
  void end() {
    samples = null;
    bytes = UNKNOWN;
    isEncoded = false;
    if (encoded.capacity() > KEPT_BYTES) {
      encoded = NO_ROOM;
    }
  }

  private int bytesOf(SignalWriter writer, Object asked, int from, int n) {
    if (isWithin(asked, from, n)) {
      if (from == offset && n == count) {
        return bytes;
      }
      if (n == 1) {
        encodeEach(writer);
        return ends[from - offset] - start(from - offset);
      }
    }
    return writer.encodedBytes(asked, from, n);
  }

  /** Whether samples belong to the block that is being written, whose size is known. */
  private boolean isWithin(Object asked, int from, int n) {
    return samples != null
        && asked == samples
        && bytes != UNKNOWN
        && from >= offset
        && n <= count - (from - offset);
  }

  private int start(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  private void encodeEach(SignalWriter writer) {
    if (isEncoded) {
      return;
    }
    if (encoded.capacity() < bytes) {
      encoded = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
    if (ends.length < count) {
      ends = new int[count];
    }
    encoded.clear().limit(bytes);
    for (int i = 0; i < count; i++) {
      writer.encode(samples, offset + i, 1, encoded);
      ends[i] = encoded.position();
    }
    if (encoded.hasRemaining()) {
      throw new IllegalStateException(
          "writer left %d of %d bytes unwritten".formatted(encoded.remaining(), bytes));
    }
    isEncoded = true;
  }

  private void encode(SignalWriter writer, Object asked, int from, int n, ByteBuffer target) {
    if (n == 1 && isEncoded && isWithin(asked, from, n)) {
      int start = start(from - offset);
      int size = ends[from - offset] - start;
      target.put(target.position(), encoded, start, size).position(target.position() + size);
    } else {
      writer.encode(asked, from, n, target);
    }
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
      sizes.encode(writer, samples, offset, count, target);
    }
  }
}
