/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.client;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamCallback;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.support.ClientEvent;
import org.daqstream.stream.support.EventLoop;
import org.daqstream.stream.wire.support.Wire;

/** The streams of one instance, and what the module hears of them. */
final class RemoteClient implements StreamClient {
  private static final System.Logger LOG = System.getLogger("org.daqstream.stream.remote.client");

  private static final AtomicInteger HANDLES = new AtomicInteger();

  /** The runtime may need so much longer than a flush deadline. */
  private static final long CLOSE_GRACE_MS = 5000;

  private final String instance;
  private final RuntimeConnection connection;
  private final Map<String, Integer> names = new ConcurrentHashMap<>();
  private final Map<Integer, RemoteStream> streams = new ConcurrentHashMap<>();
  private final EventLoop events = new EventLoop(RemoteClient::sayFault, RemoteClient::sayRejected);
  private final AtomicBoolean closed = new AtomicBoolean();

  RemoteClient(RemoteStreams options, String instance) {
    this.instance = instance;
    connection = new RuntimeConnection(options, instance, streams.values(), events);
  }

  /** Connects, or fails to in time. */
  void start(long patienceMs) throws StreamException, InterruptedException {
    connection.start(patienceMs);
  }

  @Override
  public String instance() {
    return instance;
  }

  @Override
  public int openInput(String name, StreamCallback callback, StreamListener listener)
      throws StreamException {
    if (callback == null) {
      throw new StreamException(StreamResult.INVAL, describe(name) + ": no callback");
    }
    return open(name, StreamDirection.IN, callback, listener);
  }

  @Override
  public int openOutput(String name, StreamListener listener) throws StreamException {
    return open(name, StreamDirection.OUT, null, listener);
  }

  private int open(
      String name, StreamDirection direction, StreamCallback callback, StreamListener listener)
      throws StreamException {
    int handle = HANDLES.incrementAndGet();
    if (closed.get()) {
      throw new StreamException(StreamResult.ERROR, describe(name) + ": the client is closed");
    }
    if (names.putIfAbsent(name, handle) != null) {
      throw new StreamException(StreamResult.EXIST, describe(name) + " is open already");
    }
    boolean opened = false;
    try {
      RuntimeLink link = connection.link();
      if (link == null) {
        throw new StreamException(StreamResult.ERROR, describe(name) + ": " + connection.problem());
      }
      if (name.length() > Wire.TEXT_BYTES / 4) {
        throw new StreamException(StreamResult.INVAL, describe(name) + ": the name is too long");
      }
      RemoteStream stream = new RemoteStream(handle, name, direction, callback, listener);
      stream.open(link);
      streams.put(handle, stream);
      opened = true;
      connection.look();
      if (closed.get()) {
        close(handle, 0);
        throw new StreamException(StreamResult.ERROR, describe(name) + ": the client was closed");
      }
      return handle;
    } finally {
      if (!opened) {
        names.remove(name, handle);
      }
    }
  }

  private String describe(String name) {
    return "instance '" + instance + "', stream '" + name + "'";
  }

  @Override
  public StreamResult write(int handle, ByteBuffer message) {
    RemoteStream stream = streams.get(handle);
    return stream == null ? StreamResult.INVAL : stream.write(message);
  }

  @Override
  public CloseResult close(int handle) {
    return close(handle, Wire.DEFAULT_FLUSH, EventLoop.LONGEST_MS);
  }

  @Override
  public CloseResult close(int handle, long flushTimeoutMs) {
    long flushMs = Math.min(Math.max(0, flushTimeoutMs), Wire.DEFAULT_FLUSH - 1);
    return close(handle, flushMs, flushMs + CLOSE_GRACE_MS);
  }

  private CloseResult close(int handle, long flushMs, long waitMs) {
    RemoteStream stream = streams.remove(handle);
    if (stream == null) {
      return new CloseResult(StreamResult.INVAL, 0, 0);
    }
    return result(stream, begin(stream, flushMs), waitMs);
  }

  private CompletableFuture<CloseResult> begin(RemoteStream stream, long flushMs) {
    CompletableFuture<CloseResult> closing = stream.close(flushMs);
    events.dropIf(event -> ((RemoteEvent) event).stream() == stream);
    return closing;
  }

  /** Waits as long as the runtime may take, whether the thread is interrupted or not. */
  private CloseResult result(
      RemoteStream stream, CompletableFuture<CloseResult> closing, long waitMs) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return closing.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(System.Logger.Level.WARNING, describe(stream.name) + ": still closing");
      return stream.lossSoFar(StreamResult.TIMEDOUT);
    } finally {
      names.remove(stream.name, stream.handle);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public StreamResult processEvent(long timeoutMs) {
    return events.processEvent(timeoutMs);
  }

  @Override
  public void dispatchOn(Executor executor) {
    events.dispatchOn(executor);
  }

  private static void sayFault(ClientEvent event, Throwable fault) {
    RemoteStream stream = ((RemoteEvent) event).stream();
    if (stream.isFirstFault()) {
      LOG.log(
          System.Logger.Level.ERROR,
          stream + ": the module's callback failed; more faults are not said",
          fault);
    }
  }

  private static void sayRejected(RejectedExecutionException e) {
    LOG.log(System.Logger.Level.WARNING, "the executor rejects events", e);
  }

  @Override
  public void requestStop() {
    events.stop();
  }

  @Override
  public Optional<StreamInfo> info(int handle) {
    return Optional.ofNullable(streams.get(handle)).map(stream -> stream.info(instance));
  }

  @Override
  public List<StreamInfo> streams() {
    return streams.values().stream()
        .sorted(Comparator.comparingInt(stream -> stream.handle))
        .map(stream -> stream.info(instance))
        .toList();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    List<RemoteStream> left = List.copyOf(streams.values());
    streams.clear();
    List<CompletableFuture<CloseResult>> closings =
        left.stream().map(stream -> begin(stream, Wire.DEFAULT_FLUSH)).toList();
    for (int i = 0; i < left.size(); i++) {
      CloseResult result = result(left.get(i), closings.get(i), EventLoop.LONGEST_MS);
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} was still open when its client was closed; {1} messages lost",
          describe(left.get(i).name),
          result.lostMessages());
    }
    events.stop();
    connection.stop();
  }
}
