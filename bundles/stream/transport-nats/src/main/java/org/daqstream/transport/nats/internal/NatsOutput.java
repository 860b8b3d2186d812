/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import io.nats.client.Connection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.base.support.ForeignText;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.base.support.Worker;
import org.daqstream.nats.support.NatsLink;
import org.daqstream.nats.support.NatsOptions;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.OutputSink;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.transport.support.OutputEnd;
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

  /** After that jnats gives up a server that does not answer. */
  private static final Duration ANSWER = Duration.ofSeconds(15);

  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int LINK_CLOSE_MS = 5_000;

  final NatsParameters parameters;
  final KeptMessages messages;
  final ProblemLog problems = new ProblemLog(this::say);
  private final OutputSink sink;
  private final NatsLink link;
  private final Worker worker;
  private final OutputEnd end;
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong connects = new AtomicLong();
  private final AtomicLong disconnects = new AtomicLong();
  private volatile Connection connection; // null while there is none
  private long peerId; // the link's thread
  private Connection served; // the sending thread

  NatsOutput(String name, NatsParameters parameters, NatsOptions options, OutputSink sink) {
    this.parameters = parameters;
    this.sink = sink;
    messages = new KeptMessages(parameters.queueMessages(), parameters.queueBytes(), sink.budget());
    link = new NatsLink(name + "-link", options, this);
    worker = new Worker(name, self -> run());
    end = new OutputEnd(worker, this::statistics);
  }

  /** What the headers of a message cost of the server's limit. */
  abstract int headerBytes();

  /** There is a connection; by the sending thread. */
  abstract void begin(Connection made);

  /** The connection is gone, and what is under way with it; by the sending thread. */
  abstract void broken();

  /** Hands a message to jnats, which throws when it takes none now. */
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

  /** How many messages the server has refused on this connection. */
  final long refusedMessages() {
    return link.refusedMessages();
  }

  /** Whether the server has answered a ping behind all that was published; waits for that. */
  final boolean hasAll(Connection made) {
    try {
      return link.hasAll(made, ANSWER);
    } catch (InterruptedException e) {
      return false; // the time to close is over
    }
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
        } catch (RuntimeException e) { // closed just now, or its queue is full
          messages.putBack(kept);
          sayUnusual(e);
          return false;
        }
      }
      kept = messages.next(mostMessages, mostBytes);
    }
    return true;
  }

  /** Says what jnats throws, unless it is what it throws at the end of each connection. */
  private void sayUnusual(RuntimeException e) {
    if (!(e instanceof IllegalStateException)) {
      problems.say(ForeignText.plain(e.toString()));
    }
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

  private void run() {
    try {
      while (!finished()) {
        long before = calls.get();
        long idleNanos = turn();
        if (calls.get() == before) { // jnats rests, too, and may take a call for its own
          worker.rest(Math.min(idleNanos, end.leftNanos()));
        }
      }
    } catch (RuntimeException | Error e) {
      LOG.error("{} failed", worker.name(), e);
      problems.say(e.toString());
      sink.failed(worker.name() + " failed: " + e);
    } finally {
      messages.giveUp();
      end.reached();
      link.close(LINK_CLOSE_MS);
    }
  }

  private long turn() {
    Connection now = connection;
    try {
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
    } catch (RuntimeException e) { // jnats has many, when a connection ends just now
      if (now == null) {
        throw e;
      }
      LOG.debug("{}", worker.name(), e);
      link.giveUp(now, ForeignText.plain(e.toString()));
      return AGAIN_NANOS;
    }
  }

  private boolean finished() {
    return end.isClosing() && (messages.isEmpty() || end.leftNanos() <= 0);
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
  public final CloseResult close(long flushTimeoutMs) {
    return end.close(flushTimeoutMs, this::close, worker.thread()::interrupt);
  }

  private void close() {
    messages.close();
    wake();
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
