/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamCallback;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.StreamResult;

/** A register with one client, whose stream a test plays. */
final class FakeStreams implements StreamRegister, StreamClient {

  final Queue<byte[]> written = new ConcurrentLinkedQueue<>();
  final Queue<Integer> closedHandles = new ConcurrentLinkedQueue<>();
  volatile StreamResult writeResult = StreamResult.OK;
  volatile StreamException openFailure;
  volatile String opened = "";
  final AtomicInteger openAttempts = new AtomicInteger();
  final AtomicInteger handle = new AtomicInteger();
  volatile boolean clientClosed;

  private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
  private volatile StreamCallback callback;
  private volatile StreamListener listener;
  private volatile boolean stopping;

  /** The peer sends a message. */
  void receive(byte... message) {
    events.add(() -> callback.data(1, ByteBuffer.wrap(message).asReadOnlyBuffer()));
  }

  /** The stream ends for another reason than its close. */
  void end() {
    events.add(() -> listener.ended("test"));
  }

  @Override
  public StreamClient client(String instance) {
    opened = instance;
    return this;
  }

  @Override
  public int openInput(String name, StreamCallback callback, StreamListener listener)
      throws StreamException {
    this.callback = callback;
    return open("in " + name, listener);
  }

  @Override
  public int openOutput(String name, StreamListener listener) throws StreamException {
    return open("out " + name, listener);
  }

  private int open(String what, StreamListener newListener) throws StreamException {
    openAttempts.incrementAndGet();
    if (openFailure != null) {
      throw openFailure;
    }
    listener = newListener;
    opened = instance() + " " + what;
    return handle.incrementAndGet();
  }

  @Override
  public StreamResult write(int handle, ByteBuffer message) {
    byte[] copy = new byte[message.remaining()];
    message.get(message.position(), copy);
    written.add(copy);
    return writeResult;
  }

  @Override
  public CloseResult close(int handle, long flushTimeoutMs) {
    closedHandles.add(handle);
    return new CloseResult(StreamResult.OK, 0, 0);
  }

  @Override
  public CloseResult close(int handle) {
    return close(handle, 0);
  }

  @Override
  public StreamResult processEvent(long timeoutMs) {
    try {
      Runnable event =
          timeoutMs < 0 ? events.take() : events.poll(timeoutMs, TimeUnit.MILLISECONDS);
      if (event == null) {
        return StreamResult.TIMEDOUT;
      }
      event.run();
      return stopping ? StreamResult.SHOULDEXIT : StreamResult.OK;
    } catch (InterruptedException e) {
      return StreamResult.SHOULDEXIT;
    }
  }

  @Override
  public void requestStop() {
    events.add(() -> stopping = true);
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
  public void dispatchOn(Executor executor) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<StreamInfo> info(int handle) {
    return Optional.empty();
  }

  @Override
  public List<StreamInfo> streams() {
    return List.of();
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
