/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.testing.FakeClient;

/** A register with one client, whose stream a test plays. */
final class FakeStreams extends FakeClient implements StreamRegister {

  final Queue<Integer> closedHandles = new ConcurrentLinkedQueue<>();
  volatile StreamResult writeResult = StreamResult.OK;
  volatile StreamException openFailure;
  volatile String opened = "";
  final AtomicInteger openAttempts = new AtomicInteger();
  final AtomicInteger handle = new AtomicInteger();
  volatile boolean clientClosed;

  /** The peer sends a message. */
  void receive(byte... message) {
    tell((callback, listener) -> callback.data(1, ByteBuffer.wrap(message).asReadOnlyBuffer()));
  }

  /** The stream ends for another reason than its close. */
  void end() {
    tell((callback, listener) -> listener.ended("test"));
  }

  @Override
  public StreamClient client(String instance) {
    opened = instance;
    return this;
  }

  @Override
  protected int open(String what, StreamListener listener) throws StreamException {
    openAttempts.incrementAndGet();
    if (openFailure != null) {
      throw openFailure;
    }
    int newHandle = super.open(what, listener);
    opened = instance() + " " + what;
    handle.set(newHandle);
    return newHandle;
  }

  @Override
  public StreamResult write(int handle, ByteBuffer message) {
    super.write(handle, message);
    return writeResult;
  }

  @Override
  public CloseResult close(int handle, long flushTimeoutMs) {
    closedHandles.add(handle);
    return super.close(handle, flushTimeoutMs);
  }

  @Override
  public void close() {
    clientClosed = true;
  }

  @Override
  public String instance() {
    return opened.split(" ", 2)[0];
  }

  @Override
  public void deploy(String source, String manifest) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void undeploy(String source) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<String, List<StreamDefinition>> instances() {
    return Map.of();
  }

  @Override
  public Map<String, Set<String>> sources() {
    return Map.of();
  }

  @Override
  public Set<String> types() {
    return Set.of();
  }
}
