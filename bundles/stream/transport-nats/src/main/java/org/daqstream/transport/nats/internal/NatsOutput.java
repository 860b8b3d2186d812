/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import io.nats.client.Connection;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.base.support.Worker;
import org.daqstream.nats.support.NatsLink;
import org.daqstream.nats.support.NatsOptions;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.OutputSink;
import org.daqstream.stream.api.spi.TransportOutput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An output that publishes: keeps messages until the server has them, and sends them on a thread of
 * its own while there is a connection. A message that is longer than the server takes is refused,
 * with the server's limit, or given up when it was taken before that was known.
 */
abstract class NatsOutput implements TransportOutput, NatsTransport.OpenEnd, NatsLink.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(NatsOutput.class);

  /** Nothing to do until somebody wakes the thread. */
  static final long UNTIL_WOKEN = Long.MAX_VALUE;

  private static final int CLOSE_GRACE_MS = 100;
  private static final int LINK_CLOSE_MS = 5_000;

  final NatsParameters parameters;
  final KeptMessages messages;
  final ProblemLog problems = new ProblemLog(this::say);
  private final OutputSink sink;
  private final NatsLink link;
  private final Worker worker;
  private final CountDownLatch flushed = new CountDownLatch(1);
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong connects = new AtomicLong();
  private final AtomicLong disconnects = new AtomicLong();
  private volatile Connection connection; // null while there is none
  private long peerId; // the link's thread
  private Connection served; // the sending thread
  private volatile boolean closing;
  private volatile long deadlineNanos;
  private volatile CloseResult closeResult;

  NatsOutput(String name, NatsParameters parameters, NatsOptions options, OutputSink sink) {
    this.parameters = parameters;
    this.sink = sink;
    messages = new KeptMessages(parameters.queueMessages(), parameters.queueBytes(), sink.budget());
    link = new NatsLink(name + "-link", options, this);
    worker = new Worker(name, self -> run());
  }

  /** What the headers of a message cost of the server's limit. */
  abstract int headerBytes();

  /** There is a connection; by the sending thread. */
  abstract void begin(Connection made);

  /** The connection is gone, and what is under way with it; by the sending thread. */
  abstract void broken();

  /**
   * Hands a message to jnats.
   *
   * @throws IllegalStateException when that takes none now
   */
  abstract void publish(Connection made, KeptMessages.Kept kept);

  /**
   * Sends what there is; by the sending thread.
   *
   * @return how long there is nothing to do, in nanoseconds
   */
  abstract long send(Connection made);

  @Override
  public final void start() {
    worker.start();
    link.start();
  }

  @Override
  public final StreamResult offer(ByteBuffer message) {
    long longestBytes = longestBytes();
    StreamResult result = messages.offer(message, longestBytes);
    if (result == StreamResult.OK) {
      wake();
    } else if (message.remaining() > longestBytes) {
      sayTooLong(message.remaining());
    }
    return result;
  }

  private long longestBytes() {
    long limit = link.maxPayloadBytes();
    return limit < 0 ? Long.MAX_VALUE : limit - headerBytes();
  }

  /** Publishes what waits, until so much is under way or jnats takes no more. */
  final boolean publish(Connection made, int mostMessages, long mostBytes) {
    KeptMessages.Kept kept = messages.next(mostMessages, mostBytes);
    while (kept != null) {
      if (kept.bytes.length > longestBytes()) { // which was not known when it was taken
        messages.drop(kept);
        sayTooLong(kept.bytes.length);
      } else {
        try {
          publish(made, kept);
        } catch (IllegalStateException e) { // closed just now, or its queue is full
          messages.putBack(kept);
          return false;
        }
      }
      kept = messages.next(mostMessages, mostBytes);
    }
    return true;
  }

  private void sayTooLong(int length) {
    problems.say(
        "a message of %d bytes is longer than the %d that the server's max_payload of %d leaves"
            .formatted(length, longestBytes(), link.maxPayloadBytes()));
  }

  /** Whether this is still the connection. */
  final boolean isUp(Connection made) {
    return made == connection;
  }

  /** Has the sending thread look again. */
  final void wake() {
    calls.incrementAndGet();
    worker.wake();
  }

  /** How long the sending thread may wait for something, in milliseconds, at least 1. */
  final long patienceMs(long usualMs) {
    if (!closing) {
      return usualMs;
    }
    long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
    return Math.max(1, Math.min(usualMs, leftMs));
  }

  private void run() {
    try {
      while (!finished()) {
        long before = calls.get();
        long idleNanos = turn();
        if (calls.get() == before) { // jnats rests, too, and may take a call for its own
          worker.rest(closing ? Math.min(idleNanos, deadlineNanos - System.nanoTime()) : idleNanos);
        }
      }
    } catch (RuntimeException | Error e) {
      LOG.error("{} failed", worker.name(), e);
      problems.say(e.toString());
      sink.failed(worker.name() + " failed: " + e);
    } finally {
      messages.giveUp();
      flushed.countDown();
      link.close(LINK_CLOSE_MS);
    }
  }

  private long turn() {
    Connection now = connection;
    if (now != served) {
      if (served != null) {
        broken();
      }
      served = now;
      if (now != null) {
        begin(now);
      }
    }
    return now == null ? UNTIL_WOKEN : send(now);
  }

  private boolean finished() {
    return closing && (messages.isEmpty() || System.nanoTime() - deadlineNanos >= 0);
  }

  @Override
  public final void connected(Connection made, String server) {
    connects.incrementAndGet();
    peerId = sink.peerUp(server);
    connection = made;
    wake();
  }

  @Override
  public final void disconnected(String why) {
    connection = null;
    disconnects.incrementAndGet();
    wake();
    sink.peerDown(peerId, why);
  }

  @Override
  public final void problem(String text) {
    problems.say(text);
  }

  private void say(String problem) {
    LOG.info("{}: {}", worker.name(), problem);
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
    messages.close();
    wake();
    if (!worker.isCurrent()) {
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
        LOG.warn("{} is still closing", worker.name());
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
  public final boolean hasEnded(long limitMs) {
    return worker.join(limitMs);
  }

  @Override
  public final StreamStatistics statistics() {
    return messages.statistics(connects.get(), disconnects.get(), problems.last());
  }
}
