/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.nio.ByteBuffer;
import java.util.Map;
import org.daqstream.signal.api.writer.SignalWriter;

/**
 * Passes samples on as the writer of another runtime has made them.
 *
 * @param sampleBytes as that writer says
 * @param definition as that writer says
 */
record PassedWriter(int sampleBytes, Map<String, Object> definition) implements SignalWriter {
  @Override
  public Object newSample() {
    return null;
  }

  @Override
  public int encodedBytes(Object samples, int offset, int count) {
    if (!(samples instanceof ByteBuffer buffer)) {
      throw new IllegalArgumentException(
          "samples must be a ByteBuffer with encoded ones, as there is no writer for the type");
    }
    if ((offset | count) < 0) {
      throw new IndexOutOfBoundsException("block of %s samples at %s".formatted(count, offset));
    }
    if (count == 0) {
      return 0;
    }
    if (sampleBytes == VARIABLE) {
      if (offset != 0 || count != 1) {
        throw new IndexOutOfBoundsException(
            "block of %s samples at %s, where a buffer is one".formatted(count, offset));
      }
      return buffer.remaining();
    }
    long end = (long) sampleBytes * ((long) offset + count);
    if (end > buffer.remaining()) {
      throw new IndexOutOfBoundsException(
          "block of %s samples at %s is not within the %s bytes given"
              .formatted(count, offset, buffer.remaining()));
    }
    return sampleBytes * count;
  }

  @Override
  public void encode(Object samples, int offset, int count, ByteBuffer target) {
    ByteBuffer from = (ByteBuffer) samples;
    int bytes = sampleBytes == VARIABLE ? from.remaining() * count : sampleBytes * count;
    int at = target.position();
    target.position(at + bytes); // throws where there is no room
    target.put(at, from, from.position() + sampleBytes * offset, bytes);
  }
}
