/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.daqstream.socket.support.Addresses;
import org.daqstream.socket.support.Backoff;

/**
 * Dials one address of an output again and again: resolves it anew each time, tries each result in
 * order, exchanges greetings, and rests while the connection is up. Never blocks; a name is
 * resolved on a thread of its own. Otherwise for the sending thread only.
 */
final class Dialler {

  /** What it is doing. */
  private enum State {
    WAITING,
    RESOLVING,
    CONNECTING,
    GREETING,
    UP
  }

  /** Hears how dialling goes, on the sending thread. */
  interface Listener {

    /** The other side is a puller and ready; the channel is the listener's. */
    void connected(Dialler dialler, SocketChannel channel, SelectionKey key, String peer);

    /**
     * An attempt failed; the next one follows by itself.
     *
     * @param reached whether the other side has greeted, though not as a puller
     */
    void failed(Dialler dialler, String cause, boolean reached);
  }

  /** A connection that lasted so long is a good one: the back-off starts anew after it. */
  private static final long GOOD_CONNECTION_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final SpAddress address;
  private final Resolver resolver;
  private final Selector selector;
  private final Listener listener;
  private final Backoff backoff;
  private final long connectNanos;
  private final long handshakeNanos;

  private State state = State.WAITING;
  private long dueNanos; // the next attempt, or the end of this one
  private long upSinceNanos;
  private CompletableFuture<List<SocketAddress>> lookup;
  private final Queue<SocketAddress> candidates = new ArrayDeque<>();
  private String cause = "";
  private SocketAddress candidate;
  private SocketChannel channel;
  private SelectionKey key;
  private final ByteBuffer greeting = ByteBuffer.allocate(Greeting.BYTES);

  /** Creates a dialler whose first attempt is due now. */
  Dialler(
      SpAddress address,
      NngParameters parameters,
      Resolver resolver,
      Selector selector,
      Listener listener) {
    this.address = address;
    this.resolver = resolver;
    this.selector = selector;
    this.listener = listener;
    this.backoff = new Backoff(parameters.backoffMaxMs(), RandomGenerator.getDefault());
    this.connectNanos = TimeUnit.MILLISECONDS.toNanos(parameters.connectTimeoutMs());
    this.handshakeNanos = TimeUnit.MILLISECONDS.toNanos(parameters.handshakeTimeoutMs());
    this.dueNanos = System.nanoTime();
  }

  SpAddress address() {
    return address;
  }

  /** How long nothing needs to be done without a ready channel; negative when overdue. */
  long idleNanos(long nowNanos) {
    return state == State.UP ? Long.MAX_VALUE : dueNanos - nowNanos;
  }

  /** Does what time or the resolver has brought. */
  void advance(long nowNanos) {
    if (state == State.RESOLVING && lookup.isDone()) {
      resolved(nowNanos);
    } else if (state != State.UP && dueNanos - nowNanos <= 0) {
      switch (state) {
        case WAITING -> resolve(nowNanos);
        case RESOLVING -> fail(nowNanos, "name not resolved in time", false);
        case CONNECTING -> tryNext(nowNanos, "no connection in time");
        default -> fail(nowNanos, "no greeting in time", false);
      }
    }
  }

  private void resolve(long nowNanos) {
    state = State.RESOLVING;
    dueNanos = nowNanos + connectNanos;
    cause = "no address";
    if (lookup != null && !lookup.isDone()) {
      return; // the name service still owes an answer
    }
    CompletableFuture<List<SocketAddress>> asked = new CompletableFuture<>();
    lookup = asked;
    if (address.isLiteral()) {
      lookUp(asked);
      resolved(nowNanos);
    } else {
      Runnable task =
          () -> {
            lookUp(asked);
            selector.wakeup();
          };
      Thread thread = new Thread(task, "stream-nng-resolve-" + address.host());
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void lookUp(CompletableFuture<List<SocketAddress>> asked) {
    try {
      asked.complete(address.resolve(resolver));
    } catch (UnknownHostException | RuntimeException e) {
      asked.completeExceptionally(e);
    }
  }

  private void resolved(long nowNanos) {
    try {
      candidates.clear();
      candidates.addAll(lookup.join());
      tryNext(nowNanos, cause);
    } catch (CompletionException e) {
      fail(nowNanos, "not resolved: " + e.getCause().getMessage(), false);
    }
  }

  private void tryNext(long nowNanos, String causeBefore) {
    cause = causeBefore;
    Channels.closeQuietly(channel);
    while (!candidates.isEmpty()) {
      candidate = candidates.remove();
      try {
        connect(nowNanos);
        return;
      } catch (IOException | RuntimeException e) { // for example an address of a wrong kind
        cause = e.getMessage();
        Channels.closeQuietly(channel);
      }
    }
    fail(nowNanos, cause, false);
  }

  private void connect(long nowNanos) throws IOException {
    channel = Channels.open(candidate);
    key = channel.register(selector, SelectionKey.OP_CONNECT, this);
    state = State.CONNECTING;
    dueNanos = nowNanos + connectNanos;
    if (channel.connect(candidate)) {
      greet(nowNanos);
    }
  }

  private void greet(long nowNanos) throws IOException {
    state = State.GREETING;
    dueNanos = nowNanos + handshakeNanos;
    greeting.clear();
    Channels.greet(channel, Greeting.PUSH);
    key.interestOps(SelectionKey.OP_READ);
  }

  /** The channel can be connected or read. */
  void ready(long nowNanos) {
    if (state == State.CONNECTING) {
      try {
        if (channel.finishConnect()) {
          Addresses.refuseItself(channel);
          greet(nowNanos);
        }
      } catch (IOException e) {
        tryNext(nowNanos, e.getMessage());
      }
    } else if (state == State.GREETING) {
      readGreeting(nowNanos);
    }
  }

  private void readGreeting(long nowNanos) {
    try {
      if (channel.read(greeting) < 0) {
        fail(nowNanos, "closed before its greeting", false);
      } else if (!greeting.hasRemaining()) {
        String problem = Greeting.problem(greeting, Greeting.PULL);
        if (problem != null) {
          fail(nowNanos, problem, Greeting.isValid(greeting));
        } else {
          state = State.UP;
          upSinceNanos = nowNanos;
          listener.connected(this, channel, key, Addresses.text(candidate));
        }
      }
    } catch (IOException e) {
      fail(nowNanos, "no greeting: " + e.getMessage(), false);
    }
  }

  /** The connection given to the listener is gone. */
  void down(long nowNanos) {
    if (nowNanos - upSinceNanos >= GOOD_CONNECTION_NANOS) {
      backoff.reset();
    }
    waitForNext(nowNanos);
  }

  private void fail(long nowNanos, String failure, boolean reached) {
    Channels.closeQuietly(channel);
    waitForNext(nowNanos);
    listener.failed(this, failure, reached);
  }

  private void waitForNext(long nowNanos) {
    state = State.WAITING;
    channel = null;
    dueNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(backoff.nextMs());
  }

  /** Gives up for good. */
  void close() {
    if (state != State.UP) {
      Channels.closeQuietly(channel);
    }
  }
}
