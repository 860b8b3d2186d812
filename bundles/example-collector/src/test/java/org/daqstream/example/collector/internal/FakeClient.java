/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.example.collector.internal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamCallback;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamResult;

/** A client whose stream is played by the test; tells what the module does. */
final class FakeClient implements StreamClient {
  private static final int TIMEOUT_S = 20;

  /** Answers to the next opens and writes; success when there is none. */
  final Queue<StreamResult> answers = new ConcurrentLinkedQueue<>();

  private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
  private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
  private StreamCallback callback;
  private StreamListener listener;
  private int handles;
  private boolean stopping;

  /** The next thing the module has done. */
  String nextCall() throws InterruptedException {
    return String.valueOf(calls.poll(TIMEOUT_S, TimeUnit.SECONDS));
  }

  /** Lets the module hear of something. */
  void tell(BiConsumer<StreamCallback, StreamListener> event) {
    events.add(() -> event.accept(callback, listener));
  }

  @Override
  public String instance() {
    return "test";
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
    StreamResult answer = answers.poll();
    calls.add(what + (answer == null ? "" : " " + answer));
    if (answer != null) {
      throw new StreamException(answer, "test");
    }
    listener = newListener;
    return ++handles;
  }

  @Override
  public StreamResult write(int handle, ByteBuffer message) {
    StreamResult answer = answers.poll();
    calls.add("write " + handle + " number " + message.getLong(0) + " of " + message.remaining());
    return answer == null ? StreamResult.OK : answer;
  }

  @Override
  public CloseResult close(int handle, long flushTimeoutMs) {
    calls.add("close " + handle);
    return new CloseResult(StreamResult.OK, 0, 0);
  }

  @Override
  public CloseResult close(int handle) {
    return close(handle, 0);
  }

  @Override
  public StreamResult processEvent(long timeoutMs) {
    try {
      Runnable event = events.poll(timeoutMs, TimeUnit.MILLISECONDS);
      if (event == null) {
        return StreamResult.TIMEDOUT;
      }
      event.run();
      return stopping ? StreamResult.SHOULDEXIT : StreamResult.OK;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return StreamResult.SHOULDEXIT;
    }
  }

  @Override
  public void requestStop() {
    events.add(() -> stopping = true);
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
  public void close() {}
}
