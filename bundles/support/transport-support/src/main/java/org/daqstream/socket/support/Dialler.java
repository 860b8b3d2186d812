/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
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
import org.daqstream.base.support.Backoff;
import org.daqstream.base.support.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dials one endpoint of an output again and again: resolves it anew each time, tries each result in
 * order, does the handshake, and rests while the connection is up. Never blocks; a name is resolved
 * on a thread of its own. Otherwise for the sending thread only.
 */
final class Dialler {
  private enum State {
    WAITING,
    RESOLVING,
    CONNECTING,
    GREETING,
    UP
  }

  private static final Logger LOG = LoggerFactory.getLogger(Dialler.class);

  /** A connection that lasted so long is a good one: the back-off starts anew after it. */
  private static final long GOOD_CONNECTION_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A handshake may go on for another reason than bytes that have come. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Endpoint endpoint;
  private final int connectMs;
  private final int handshakeMs;
  private final Resolver resolver;
  private final SocketLink.Factory links;
  private final Selector selector;
  private final DiallingOutput output;
  private final Backoff backoff;

  private State state = State.WAITING;
  private long dueNanos; // the next attempt, or the end of this one
  private long upSinceNanos;
  private CompletableFuture<List<SocketAddress>> lookup;
  private final Queue<SocketAddress> candidates = new ArrayDeque<>();
  private SocketAddress candidate;
  private SocketChannel channel;
  private SelectionKey key;
  private SocketLink link;

  /** Creates a dialler whose first attempt is due now. */
  Dialler(
      Endpoint endpoint,
      SocketStream stream,
      Resolver resolver,
      SocketLink.Factory links,
      Selector selector,
      DiallingOutput output) {
    this.endpoint = endpoint;
    this.connectMs = stream.sockets().connectTimeoutMs();
    this.handshakeMs = stream.handshakeMs();
    this.resolver = resolver;
    this.links = links;
    this.selector = selector;
    this.output = output;
    this.backoff = new Backoff(stream.sockets().backoffMaxMs(), RandomGenerator.getDefault());
    this.dueNanos = System.nanoTime();
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** How long nothing needs to be done without a ready channel; negative when overdue. */
  long idleNanos(long nowNanos) {
    return switch (state) {
      case UP -> Long.MAX_VALUE;
      case GREETING -> Math.min(LOOK_NANOS, dueNanos - nowNanos);
      default -> dueNanos - nowNanos;
    };
  }

  /** Does what time or the resolver has brought. */
  void advance(long nowNanos) {
    if (state == State.RESOLVING && lookup.isDone()) {
      resolved(nowNanos);
    } else if (state != State.UP && dueNanos - nowNanos <= 0) {
      switch (state) {
        case WAITING -> resolve(nowNanos);
        case RESOLVING -> fail(nowNanos, new SocketTimeoutException("name not resolved in time"));
        default -> tryNext(nowNanos, late());
      }
    } else if (state == State.GREETING) {
      greet(nowNanos);
    }
  }

  private SocketTimeoutException late() {
    return new SocketTimeoutException(
        state == State.CONNECTING || handshakeMs == 0
            ? "no connection within " + connectMs + " ms"
            : "no handshake within " + handshakeMs + " ms");
  }

  private void resolve(long nowNanos) {
    state = State.RESOLVING;
    dueNanos = after(nowNanos, connectMs);
    if (lookup != null && !lookup.isDone()) {
      return; // the name service still owes an answer
    }
    CompletableFuture<List<SocketAddress>> asked = new CompletableFuture<>();
    lookup = asked;
    if (endpoint.isLiteral()) {
      lookUp(asked);
      resolved(nowNanos);
    } else {
      Worker.start(
          "stream-resolve-" + endpoint.text(),
          self -> {
            lookUp(asked);
            selector.wakeup();
          });
    }
  }

  private void lookUp(CompletableFuture<List<SocketAddress>> asked) {
    try {
      asked.complete(endpoint.resolve(resolver));
    } catch (UnknownHostException | RuntimeException e) {
      asked.completeExceptionally(e);
    }
  }

  private void resolved(long nowNanos) {
    try {
      candidates.clear();
      candidates.addAll(lookup.join());
      tryNext(nowNanos, new IOException("no address"));
    } catch (CompletionException e) {
      fail(nowNanos, new IOException("not resolved: " + e.getCause().getMessage(), e));
    }
  }

  private void tryNext(long nowNanos, IOException before) {
    IOException cause = before;
    closeUnfinished();
    while (!candidates.isEmpty()) {
      candidate = candidates.remove();
      try {
        connect(nowNanos);
        return;
      } catch (IOException | RuntimeException e) { // for example an address of a wrong kind
        cause = e instanceof IOException io ? io : new IOException(e.getMessage(), e);
        closeUnfinished();
      }
    }
    fail(nowNanos, cause);
  }

  private void connect(long nowNanos) throws IOException {
    channel = SocketChannel.open(ListenSocket.family(candidate));
    Addresses.prepare(channel);
    key = channel.register(selector, SelectionKey.OP_CONNECT, this);
    state = State.CONNECTING;
    dueNanos = after(nowNanos, connectMs);
    if (channel.connect(candidate)) {
      connected(nowNanos);
    }
  }

  private void connected(long nowNanos) throws IOException {
    Addresses.refuseItself(channel);
    link = links.link(channel, endpoint);
    state = State.GREETING;
    if (handshakeMs > 0) {
      dueNanos = after(nowNanos, handshakeMs);
    }
    greet(nowNanos);
  }

  /** The channel can be connected, read or written. */
  void ready(long nowNanos) {
    if (state == State.GREETING) {
      greet(nowNanos);
    } else if (state == State.CONNECTING) {
      try {
        if (channel.finishConnect()) {
          connected(nowNanos);
        }
      } catch (IOException e) {
        tryNext(nowNanos, e);
      }
    }
  }

  private void greet(long nowNanos) {
    try {
      if (!link.handshake()) {
        key.interestOps(link.interestOps());
        return;
      }
    } catch (ProtocolException e) {
      fail(nowNanos, e); // somebody is there, another address is of no use
      return;
    } catch (IOException e) {
      tryNext(nowNanos, e);
      return;
    }
    state = State.UP;
    upSinceNanos = nowNanos;
    output.connected(this, link, key, Addresses.text(candidate));
  }

  /** The connection given to the output is gone. */
  void down(long nowNanos) {
    if (nowNanos - upSinceNanos >= GOOD_CONNECTION_NANOS) {
      backoff.reset();
    }
    waitForNext(nowNanos);
  }

  private void fail(long nowNanos, IOException cause) {
    closeUnfinished();
    waitForNext(nowNanos);
    output.failed(this, cause);
  }

  private void waitForNext(long nowNanos) {
    state = State.WAITING;
    channel = null;
    link = null;
    dueNanos = after(nowNanos, backoff.nextMs());
  }

  private static long after(long nowNanos, int timeMs) {
    return nowNanos + TimeUnit.MILLISECONDS.toNanos(timeMs);
  }

  /** Gives up for good. */
  void close() {
    if (state != State.UP) {
      closeUnfinished();
    }
  }

  private void closeUnfinished() {
    try {
      if (link != null) {
        link.close(); // tells the other side why
      } else if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      LOG.debug("closing", e);
    }
    channel = null;
    link = null;
  }
}
