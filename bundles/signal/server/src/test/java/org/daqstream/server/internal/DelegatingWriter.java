/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import java.nio.ByteBuffer;
import java.util.Map;
import org.daqstream.signal.api.writer.SignalWriter;

/** A writer that does what another one does, for tests that interfere. */
public class DelegatingWriter implements SignalWriter {
  private final SignalWriter writer;

  protected DelegatingWriter(SignalWriter writer) {
    this.writer = writer;
  }

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
    return writer.encodedBytes(samples, offset, count);
  }

  @Override
  public void encode(Object samples, int offset, int count, ByteBuffer target) {
    writer.encode(samples, offset, count, target);
  }
}
