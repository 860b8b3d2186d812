/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamCallback;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamResult;

/** A client whose stream is played by the test; tells what the module does. */
public class FakeClient implements StreamClient {
  private static final int TIMEOUT_S = 20;

  /** Answers to the next opens and writes; success when there is none. */
  public final Queue<StreamResult> answers = new ConcurrentLinkedQueue<>();

  /** Copies of what was written, with success or without. */
  public final Queue<byte[]> written = new ConcurrentLinkedQueue<>();

  private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
  private final BlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
  private final AtomicInteger handles = new AtomicInteger();
  private volatile StreamCallback callback;
  private volatile StreamListener listener;
  private volatile boolean stopping;

  /** The next thing the module has done. */
  public final String nextCall() throws InterruptedException {
    return String.valueOf(calls.poll(TIMEOUT_S, TimeUnit.SECONDS));
  }

  /** Whether a call was made that {@link #nextCall} has not told. */
  public final boolean wasCalled() {
    return !calls.isEmpty();
  }

  /** Lets the module hear of something. */
  public final void tell(BiConsumer<StreamCallback, StreamListener> event) {
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

  /** Both kinds of open. */
  protected int open(String what, StreamListener newListener) throws StreamException {
    StreamResult answer = answers.poll();
    calls.add(what + (answer == null ? "" : " " + answer));
    if (answer != null) {
      throw new StreamException(answer, "test");
    }
    listener = newListener;
    return handles.incrementAndGet();
  }

  @Override
  public StreamResult write(int handle, ByteBuffer message) {
    StreamResult answer = answers.poll();
    byte[] copy = new byte[message.remaining()];
    message.get(message.position(), copy);
    written.add(copy);
    calls.add("write " + handle + " of " + copy.length);
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
      Runnable event =
          timeoutMs < 0 ? events.take() : events.poll(timeoutMs, TimeUnit.MILLISECONDS);
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
