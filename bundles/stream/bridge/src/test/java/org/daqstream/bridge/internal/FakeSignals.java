/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;

/** A registry with one signal, whose samples a test reads. */
final class FakeSignals implements SignalRegistry, SignalPort {

  /** One written sample, its bytes in hexadecimal. */
  record Sample(long tick, String hex) {}

  final BlockingQueue<Sample> samples = new LinkedBlockingQueue<>();
  volatile WriteResult result = WriteResult.ACCEPTED;
  volatile RuntimeException refusal;
  volatile boolean closed;
  SignalDescriptor domain;
  SignalDescriptor value;

  @Override
  public SignalPort open(SignalDescriptor domain, SignalDescriptor value) {
    this.domain = domain;
    this.value = value;
    return this;
  }

  @Override
  public WriteResult write(long[] ticks, Object sample, int offset, int count) {
    if (refusal != null) {
      throw refusal;
    }
    ByteBuffer buffer = (ByteBuffer) sample;
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(buffer.position(), copy);
    samples.add(new Sample(ticks[offset], HexFormat.of().formatHex(copy)));
    return result;
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public SignalDescriptor descriptor() {
    return value;
  }

  @Override
  public boolean hasSubscriber() {
    return true;
  }

  @Override
  public WriteResult write(long tick, Object block, int offset, int count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void whenDemandChanges(Runnable changed) {}

  @Override
  public WriteResult writeAt(long row, long tick, Object block, int offset, int count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public WriteResult writeAt(long row, long[] ticks, Object block, int offset, int count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public WriteResult write(long tick, double sample) {
    throw new UnsupportedOperationException();
  }

  @Override
  public WriteResult write(long tick, long sample) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void update(SignalDescriptor descriptor) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SignalTable openTable(SignalDescriptor tableDomain) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<SignalState> signals() {
    return List.of();
  }
}
