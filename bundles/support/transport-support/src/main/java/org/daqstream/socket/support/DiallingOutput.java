/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.OutputSink;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.transport.support.SendQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An output that dials: one thread connects to its endpoints, again for as long as the stream is
 * open, and sends what is queued. What peers send is read and thrown away, so that closing never
 * turns into a reset; a peer that ends its side counts as gone. A message begun on a connection
 * that breaks is lost and counted, the others go to the next.
 *
 * @param <P> its connections
 */
public abstract class DiallingOutput<P extends OutputPeer>
    implements TransportOutput, StreamThread, Dialler.Listener {

  /**
   * How long to wait for what.
   *
   * @param connectMs for one address
   * @param handshakeMs then for its handshake; 0 when that is part of the first
   * @param backoffMaxMs longest wait between two attempts
   */
  public record Patience(int connectMs, int handshakeMs, int backoffMaxMs) {}

  private static final Logger LOG = LoggerFactory.getLogger(DiallingOutput.class);

  private static final int LINGER_MS = 250;
  private static final int CLOSE_GRACE_MS = 100;

  /** How often to send before looking at what else the connections have. */
  private static final int ROUNDS = 16;

  private final OutputSink sink;
  private final Selector selector;
  private final Thread thread;
  private final CountDownLatch flushed = new CountDownLatch(1);

  // Sending thread only.
  private final List<Dialler> diallers = new ArrayList<>();
  private final List<P> peers = new ArrayList<>();
  private final ByteBuffer rubbish = ByteBuffer.allocateDirect(Link.READ_BYTES);
  private final Consumer<SelectionKey> serve = this::serve;

  private volatile boolean closing;
  private volatile long deadlineNanos;
  private volatile CloseResult closeResult;
  private final AtomicLong connects = new AtomicLong();
  private final AtomicLong disconnects = new AtomicLong();
  private final ProblemLog problems = new ProblemLog(this::say);

  /**
   * Prepares the thread.
   *
   * @param name of the thread, and in front of log lines
   * @param endpoints to dial, each for a connection of its own
   * @param patience with them
   * @param resolver for names
   * @param links makes connections of connected channels
   * @param sink hears of peers
   * @throws IOException from the system
   */
  protected DiallingOutput(
      String name,
      List<? extends Endpoint> endpoints,
      Patience patience,
      Resolver resolver,
      Link.Factory links,
      OutputSink sink)
      throws IOException {
    this.sink = sink;
    this.selector = Selector.open();
    for (Endpoint endpoint : endpoints) {
      diallers.add(new Dialler(endpoint, patience, resolver, links, selector, this));
    }
    this.thread = new Thread(this::run, name);
    this.thread.setDaemon(true);
  }

  /** What waits to be sent; always the same, its wake-up is {@link #wake}. */
  protected abstract SendQueue queue();

  /** Takes a connection, after its handshake. */
  protected abstract P welcome(Link link);

  /** Gives the connections what they are to send; there is at least one. */
  protected void deal(List<P> up) {}

  /** Writes once to a connection that is not blocked; whether anything was written. */
  protected abstract boolean write(P peer) throws IOException;

  /** A connection is gone: what was begun on it is lost. */
  protected abstract void left(P peer);

  /** A connection is up. */
  protected void reached() {}

  /** An endpoint could not be connected, with the problem in words; it is dialled again. */
  protected void missed(Endpoint endpoint, String problem, IOException cause) {}

  /** The thread ends. */
  protected void ended() {}

  /** Wakes the sending thread. */
  protected final void wake() {
    selector.wakeup();
  }

  @Override
  public void start() throws StreamException {
    thread.start();
  }

  @Override
  public final StreamResult offer(ByteBuffer message) {
    return queue().offer(message);
  }

  private void run() {
    try {
      int rounds = 0;
      while (!finished()) {
        if (send() && ++rounds < ROUNDS) {
          continue;
        }
        waitOrLook(rounds == ROUNDS);
        rounds = 0;
      }
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("{} failed", thread.getName(), e);
      problems.say(e.toString());
      sink.failed(thread.getName() + " failed: " + e);
    } finally {
      finish();
    }
  }

  /** One turn of writing to all; whether anything was written. */
  private boolean send() {
    if (peers.isEmpty()) {
      return false;
    }
    deal(peers);
    boolean wrote = false;
    for (int i = peers.size() - 1; i >= 0; i--) {
      P peer = peers.get(i);
      try {
        wrote |= !peer.isBlocked() && write(peer);
      } catch (IOException e) {
        drop(peer, e);
      }
    }
    return wrote;
  }

  private void waitOrLook(boolean busy) throws IOException {
    long nowNanos = System.nanoTime();
    long idleNanos = Long.MAX_VALUE;
    for (Dialler dialler : diallers) {
      dialler.advance(nowNanos);
      idleNanos = Math.min(idleNanos, dialler.idleNanos(nowNanos));
    }
    if (closing) {
      idleNanos = Math.min(idleNanos, deadlineNanos - nowNanos);
    }
    if (busy || idleNanos <= 0 || !mayWait()) {
      selector.selectNow(serve);
    } else {
      long idleMs = idleNanos == Long.MAX_VALUE ? 0 : TimeUnit.NANOSECONDS.toMillis(idleNanos) + 1;
      selector.select(serve, idleMs);
    }
  }

  /** Whether new messages wake this thread, or could not be sent anyway. */
  private boolean mayWait() {
    for (P peer : peers) {
      if (peer.hasRoom()) {
        return queue().rest();
      }
    }
    return true;
  }

  private void serve(SelectionKey key) {
    if (key.attachment() instanceof Dialler dialler) {
      dialler.ready(System.nanoTime());
      return;
    }
    @SuppressWarnings("unchecked") // of a connection, by OutputPeer.waitsWith
    P peer = (P) key.attachment();
    if (key.isValid()) {
      if (key.isWritable()) {
        peer.unblock();
      }
      if (key.isReadable()) {
        listen(peer);
      }
    }
  }

  /** Reads what a peer says; drops it when it has closed. */
  private void listen(P peer) {
    try {
      if (!peer.discard(rubbish)) {
        drop(peer, "closed by peer");
      }
    } catch (IOException e) {
      drop(peer, e);
    }
  }

  @Override
  public final void connected(Dialler dialler, Link link, SelectionKey key, String address) {
    connects.incrementAndGet();
    P peer = welcome(link);
    peer.dialler = dialler;
    peer.id = sink.peerUp(address);
    peer.address = address;
    peer.waitsWith(key);
    peers.add(peer);
    reached();
    listen(peer);
  }

  @Override
  public final void failed(Dialler dialler, IOException cause) {
    String problem = dialler.endpoint().text() + ": " + cause.getMessage();
    problems.say(problem);
    missed(dialler.endpoint(), problem, cause);
  }

  private void say(String problem) {
    LOG.info("{}: {}", thread.getName(), problem);
  }

  private void drop(P peer, IOException cause) {
    problems.say(peer.address + ": " + cause.getMessage());
    drop(peer, cause.getMessage());
  }

  private void drop(P peer, String cause) {
    peers.remove(peer);
    left(peer);
    close(peer, cause);
    peer.dialler.down(System.nanoTime());
  }

  private void close(P peer, String cause) {
    try {
      peer.link.close();
    } catch (IOException e) {
      LOG.debug("closing a connection", e);
    }
    disconnects.incrementAndGet();
    sink.peerDown(peer.id, cause);
  }

  /** Whether the stream is closing and there is nothing left to do or no time to do it. */
  private boolean finished() {
    return closing && (queue().isEmpty() || System.nanoTime() - deadlineNanos >= 0);
  }

  private void finish() {
    ended();
    String cause = queue().isEmpty() ? "closed" : "closed at the flush deadline";
    peers.forEach(this::left);
    queue().giveUp();
    flushed.countDown();
    diallers.forEach(Dialler::close);
    try {
      hearOut();
    } catch (IOException e) {
      LOG.debug("closing connections", e);
    }
    peers.forEach(peer -> close(peer, cause));
    try {
      selector.close();
    } catch (IOException e) {
      LOG.debug("closing the selector", e);
    }
  }

  /** FIN, and for a while no reset for peers that talk. */
  private void hearOut() throws IOException {
    List<P> talking = new ArrayList<>(peers);
    talking.removeIf(peer -> !isOpen(peer) || !peer.hasSpoken());
    for (P peer : talking) {
      peer.unblock();
      peer.link.shutdownOutput();
    }
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LINGER_MS);
    long leftMs = LINGER_MS;
    while (leftMs > 0 && !talking.isEmpty()) {
      selector.select(ready -> {}, leftMs);
      talking.removeIf(peer -> !isOpen(peer));
      leftMs = TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime());
    }
  }

  private boolean isOpen(P peer) {
    try {
      return peer.discard(rubbish);
    } catch (IOException e) {
      LOG.trace("gone already", e);
      return false;
    }
  }

  @Override
  public final CloseResult close(long requestedTimeoutMs) {
    long flushTimeoutMs = Math.min(requestedTimeoutMs, Integer.MAX_VALUE); // no overflow in ns
    StreamStatistics before;
    synchronized (this) {
      if (closing) {
        CloseResult first = closeResult;
        return first != null ? first : new CloseResult(StreamResult.OK, 0, 0);
      }
      before = statistics();
      deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(flushTimeoutMs);
      closing = true;
    }
    queue().close();
    if (Thread.currentThread() != thread) {
      awaitFlush(flushTimeoutMs);
    }
    StreamStatistics after = statistics();
    long lostMessages = after.lostMessages() - before.lostMessages() + after.queuedMessages();
    long lostBytes = after.lostBytes() - before.lostBytes() + after.queuedBytes();
    closeResult =
        new CloseResult(
            lostMessages > 0 ? StreamResult.TIMEDOUT : StreamResult.OK, lostMessages, lostBytes);
    return closeResult;
  }

  private void awaitFlush(long flushTimeoutMs) {
    try {
      if (!flushed.await(flushTimeoutMs + CLOSE_GRACE_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("{} is still closing", thread.getName());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public final void giveUp() {
    close(0);
  }

  @Override
  public final Thread thread() {
    return thread;
  }

  @Override
  public final StreamStatistics statistics() {
    return queue().statistics(connects.get(), disconnects.get(), problems.last());
  }
}
