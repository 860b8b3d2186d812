/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import java.nio.ByteBuffer;
import java.util.Map;
import org.daqstream.signal.api.writer.SignalWriter;

/**
 * A writer that takes samples already packed, in {@code byte[]}; with {@link #VARIABLE} length in
 * {@code byte[][]}.
 */
public final class PackedBytes implements SignalWriter {
  private final String dataType;
  private final int sampleBytes;

  public PackedBytes(String dataType, int sampleBytes) {
    this.dataType = dataType;
    this.sampleBytes = sampleBytes;
  }

  @Override
  public int sampleBytes() {
    return sampleBytes;
  }

  @Override
  public Map<String, Object> definition() {
    return Map.of("dataType", dataType);
  }

  @Override
  public Object newSample() {
    return null;
  }

  @Override
  public int encodedBytes(Object samples, int offset, int count) {
    if (sampleBytes != VARIABLE) {
      return count * sampleBytes;
    }
    int bytes = 0;
    for (int i = offset; i < offset + count; i++) {
      bytes += ((byte[][]) samples)[i].length;
    }
    return bytes;
  }

  @Override
  public void encode(Object samples, int offset, int count, ByteBuffer target) {
    if (sampleBytes != VARIABLE) {
      target.put((byte[]) samples, offset * sampleBytes, count * sampleBytes);
      return;
    }
    for (int i = offset; i < offset + count; i++) {
      target.put(((byte[][]) samples)[i]);
    }
  }
}
