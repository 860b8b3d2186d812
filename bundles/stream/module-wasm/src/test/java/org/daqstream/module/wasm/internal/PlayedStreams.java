/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
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

/** Streams of several instances, whose other ends are the test's. */
final class PlayedStreams implements StreamRegister {
  private static final int TIMEOUT_S = 20;

  private final Map<String, Played> clients = new ConcurrentHashMap<>();
  private final AtomicInteger handles = new AtomicInteger();

  /** One instance's. */
  final class Played implements StreamClient {
    private final String instance;
    private final Map<String, Open> open = new ConcurrentHashMap<>();
    private volatile Executor executor;
    final BlockingQueue<String> written = new LinkedBlockingQueue<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile StreamResult openResult = StreamResult.OK;
    volatile boolean isClosed;

    private record Open(int handle, StreamCallback callback, StreamListener listener) {}

    Played(String instance) {
      this.instance = instance;
    }

    /** A peer sends bytes, each a character. */
    void receive(String stream, String message) {
      byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
      executor.execute(
          () -> {
            Open target = open.get(stream);
            if (target != null) {
              target.callback.data(1, ByteBuffer.wrap(bytes).asReadOnlyBuffer());
            }
          });
    }

    void peerUp(String stream, String address) {
      executor.execute(() -> open.get(stream).listener.peerUp(1, address));
    }

    void end(String stream) {
      executor.execute(() -> open.get(stream).listener.ended("the test wants it"));
    }

    boolean isOpen(String stream) {
      return open.containsKey(stream);
    }

    /** The next message that was written, its bytes as characters. */
    String nextWritten() throws InterruptedException {
      return written.poll(TIMEOUT_S, TimeUnit.SECONDS);
    }

    @Override
    public String instance() {
      return instance;
    }

    @Override
    public int openInput(String name, StreamCallback callback, StreamListener listener)
        throws StreamException {
      return open(name, callback, listener);
    }

    @Override
    public int openOutput(String name, StreamListener listener) throws StreamException {
      return open(name, null, listener);
    }

    private int open(String name, StreamCallback callback, StreamListener listener)
        throws StreamException {
      if (openResult != StreamResult.OK) {
        throw new StreamException(openResult, "the test wants it");
      }
      int handle = handles.incrementAndGet();
      if (open.putIfAbsent(name, new Open(handle, callback, listener)) != null) {
        throw new StreamException(StreamResult.EXIST, name);
      }
      calls.add("open " + name);
      return handle;
    }

    @Override
    public StreamResult write(int handle, ByteBuffer message) {
      if (open.values().stream().noneMatch(each -> each.handle == handle)) {
        return StreamResult.INVAL;
      }
      written.add(StandardCharsets.ISO_8859_1.decode(message.duplicate()).toString());
      return StreamResult.OK;
    }

    @Override
    public CloseResult close(int handle) {
      return close(handle, 0);
    }

    @Override
    public CloseResult close(int handle, long flushTimeoutMs) {
      for (Map.Entry<String, Open> each : open.entrySet()) {
        if (each.getValue().handle == handle) {
          open.remove(each.getKey());
          calls.add("close " + each.getKey());
          return new CloseResult(StreamResult.OK, 0, 0);
        }
      }
      return new CloseResult(StreamResult.INVAL, 0, 0);
    }

    @Override
    public StreamResult processEvent(long timeoutMs) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void dispatchOn(Executor executor) {
      this.executor = executor;
    }

    @Override
    public void requestStop() {}

    @Override
    public Optional<StreamInfo> info(int handle) {
      return Optional.empty();
    }

    @Override
    public List<StreamInfo> streams() {
      return new ArrayList<>();
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }

  Played of(String instance) {
    return clients.computeIfAbsent(instance, Played::new);
  }

  @Override
  public StreamClient client(String instance) {
    return of(instance);
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

  @Override
  public List<StreamInfo> streams() {
    return List.of();
  }
}
