/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.derive;

import java.nio.ByteBuffer;
import java.util.Map;
import org.daqstream.signal.api.writer.SignalWriter;

/** Copies one sample that has its form already. */
record DerivedWriter(int sampleBytes, Map<String, Object> definition) implements SignalWriter {
  @Override
  public Object newSample() {
    return null;
  }

  @Override
  public int encodedBytes(Object samples, int offset, int count) {
    return ((ByteBuffer) samples).remaining();
  }

  @Override
  public void encode(Object samples, int offset, int count, ByteBuffer target) {
    ByteBuffer sample = (ByteBuffer) samples;
    int bytes = sample.remaining();
    target.put(target.position(), sample, sample.position(), bytes);
    target.position(target.position() + bytes);
  }
}
