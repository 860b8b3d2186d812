/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import java.nio.ByteBuffer;
import java.util.Map;
import org.daqstream.signal.api.writer.SignalWriter;

/** A writer for {@code real64} samples in {@code double[]}. */
public final class Doubles implements SignalWriter {
  @Override
  public int sampleBytes() {
    return Double.BYTES;
  }

  @Override
  public Map<String, Object> definition() {
    return Map.of("dataType", "real64");
  }

  @Override
  public Object newSample() {
    return new double[1];
  }

  @Override
  public int encodedBytes(Object samples, int offset, int count) {
    return count * Double.BYTES;
  }

  @Override
  public void encode(Object samples, int offset, int count, ByteBuffer target) {
    double[] values = (double[]) samples;
    for (int i = offset; i < offset + count; i++) {
      target.putDouble(values[i]);
    }
  }
}
