/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import io.nats.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.daqstream.base.support.Backoff;
import org.daqstream.base.support.ForeignText;
import org.daqstream.base.support.Worker;
import org.daqstream.nats.support.NatsLink;
import org.daqstream.nats.support.NatsOptions;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.InputSink;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.transport.support.InputCounters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An input that subscribes: what comes goes into a backlog, and from there to the module by a
 * thread of its own, which rests while the module's queue is full.
 */
abstract class NatsInput implements TransportInput, NatsTransport.OpenEnd, NatsLink.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(NatsInput.class);

  /** Nothing to do until somebody wakes the thread. */
  static final long UNTIL_WOKEN = Long.MAX_VALUE;

  /** Who opens an input has what is published from then on, where a server can be reached. */
  private static final int OPEN_WAIT_MS = 10_000;

  /** How often to look whether the server has taken the subscription back. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final int CLOSE_WAIT_MS = 700;
  private static final int LINK_CLOSE_MS = 5_000;

  final NatsParameters parameters;
  final Backlog backlog;
  final InputCounters counters = new InputCounters(this::say);
  private final InputSink sink;
  private final NatsLink link;
  private final Worker worker;
  private final CountDownLatch tried = new CountDownLatch(1);
  private final AtomicInteger misses = new AtomicInteger();
  private final CountDownLatch handedOver = new CountDownLatch(1);
  private final AtomicLong resumes = new AtomicLong();
  private final AtomicLong calls = new AtomicLong();
  private volatile String server = "";
  private volatile String why = "";

  // The thread that hands over.
  private final Backoff backoff;
  private Connection served; // null while none is subscribed to
  private Connection up; // the one that the sink knows
  private long peerId;
  private boolean paused;
  private long pausedAt;
  private long refusedBefore;

  NatsInput(String name, NatsParameters parameters, NatsOptions options, InputSink sink) {
    this.parameters = parameters;
    this.sink = sink;
    backlog = new Backlog(parameters.queueMessages(), parameters.queueBytes());
    link = new NatsLink(name + "-link", options, this);
    backoff = new Backoff(parameters.backoffMaxMs(), RandomGenerator.getDefault());
    worker = new Worker(name, self -> run());
  }

  /**
   * Sees to it that messages can come.
   *
   * @throws IOException when the server does not want that, in words
   */
  abstract void prepare(Connection made) throws IOException;

  /** Has messages come, on a thread of jnats. */
  abstract void subscribe(Connection made);

  /** The same again, when the server did not want it the last time. */
  abstract void resubscribe();

  /**
   * Does what else there is to do, between messages, while there is a connection.
   *
   * @param isPaused whether the module's queue is full
   * @return how long there is nothing to do, in nanoseconds
   */
  abstract long lookAfter(Connection made, boolean isPaused);

  /** The last turn; nothing is handed over any more. */
  abstract void leave();

  /** Messages that jnats dropped before they came here. */
  final long droppedBefore() {
    return link.droppedMessages();
  }

  /** Has the thread that hands over look again. */
  final void wake() {
    calls.incrementAndGet();
    worker.wake();
  }

  @Override
  public final void start() {
    worker.start();
    link.start();
    try {
      if (!tried.await(OPEN_WAIT_MS, TimeUnit.MILLISECONDS)) {
        LOG.info("{}: not subscribed yet to {}", worker.name(), parameters.where());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public final void connected(Connection made, String name) {
    server = name;
    wake();
  }

  @Override
  public final void disconnected(String cause) {
    why = cause;
    wake();
  }

  @Override
  public final void problem(String text) {
    counters.problems.say(text);
    if (misses.incrementAndGet() >= parameters.servers().size()) {
      tried.countDown();
    }
    if (!worker.isCurrent()) {
      wake(); // a subscription may have been refused
    }
  }

  private void run() {
    try {
      while (worker.isWanted()) {
        long before = calls.get();
        while (!isPaused() && worker.isWanted() && handOver()) {
          // the next one
        }
        long idleNanos = turn(link.connection());
        if (calls.get() == before) { // jnats and the sink rest, too, and may take a call for theirs
          worker.rest(idleNanos);
        }
      }
    } catch (RuntimeException | Error e) {
      LOG.error("{} failed", worker.name(), e);
      counters.problems.say(e.toString());
      sink.failed(worker.name() + " failed: " + e);
    } finally {
      leave();
      tried.countDown(); // whoever opens it may still wait
      handedOver.countDown();
      link.close(LINK_CLOSE_MS);
    }
  }

  /** Subscribes to a new connection, or looks after the one that there is. */
  private long turn(Connection now) {
    if (served != null && now != served) {
      served = null;
      backlog.add(new Backlog.Down(why));
      return 0;
    }
    if (now == null) {
      return UNTIL_WOKEN;
    }
    if (now != served) {
      return begin(now);
    }
    try {
      return isRefused(now) ? again() : Math.min(LOOK_NANOS, lookAfter(now, isPaused()));
    } catch (IOException | RuntimeException | TimeoutException e) { // it has ended, or should
      giveUp(now, e);
    } catch (InterruptedException e) {
      problem("interrupted"); // by nobody
    }
    return again();
  }

  private long again() {
    return TimeUnit.MILLISECONDS.toNanos(backoff.nextMs());
  }

  private void giveUp(Connection made, Exception cause) {
    LOG.debug("{}", worker.name(), cause);
    String words = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    if (link.connection() == made) {
      link.giveUp(made, ForeignText.plain("not subscribed: " + words));
    }
  }

  /** Whether the server has not let us subscribe, or does not any more; asks again. */
  private boolean isRefused(Connection made)
      throws IOException, TimeoutException, InterruptedException {
    if (link.refusedSubscriptions() == refusedBefore) {
      return false;
    }
    refusedBefore = link.refusedSubscriptions();
    resubscribe();
    made.flush(ANSWER);
    if (link.refusedSubscriptions() == refusedBefore) {
      counters.problems.clear();
      return false;
    }
    String words = link.lastProblem(); // which the link says once
    counters.problems.say(words.isEmpty() ? "the server refuses the subscription" : words);
    return true;
  }

  private long begin(Connection now) {
    try {
      prepare(now);
    } catch (IOException | RuntimeException e) {
      String words = e.getMessage() == null ? e.toString() : e.getMessage();
      if (link.connection() == now) {
        problem(ForeignText.plain("cannot subscribe to " + parameters.where() + ": " + words));
      }
      return again();
    }
    backlog.add(new Backlog.Up(now, server));
    served = now;
    refusedBefore = link.refusedSubscriptions();
    try {
      subscribe(now);
      now.flush(ANSWER);
      if (link.refusedSubscriptions() == refusedBefore) {
        counters.problems.clear();
        backoff.reset();
      }
      tried.countDown();
      return 0;
    } catch (RuntimeException | TimeoutException e) { // it has ended, or should
      giveUp(now, e);
    } catch (InterruptedException e) {
      problem("interrupted"); // by nobody
    }
    return again();
  }

  private boolean isPaused() {
    return paused && resumes.get() == pausedAt;
  }

  /** Hands one over; false when there is none. */
  private boolean handOver() {
    Backlog.Item item = backlog.poll();
    if (item instanceof Backlog.Up coming) {
      counters.peerUp();
      peerId = sink.peerUp(coming.server());
      up = coming.connection();
    } else if (item instanceof Backlog.Down down) {
      up = null;
      counters.peerDown();
      sink.peerDown(peerId, down.why());
    } else if (item instanceof Backlog.Data data && data.connection() != up) {
      if (data.receipt() == null) { // jnats was late with it
        counters.lost(data.bytes().remaining());
      } else {
        data.receipt().undelivered();
      }
    } else if (item instanceof Backlog.Data data) {
      counters.message(data.bytes().remaining());
      pausedAt = resumes.get();
      boolean more = backlog.hasMessageNext();
      paused = !sink.data(peerId, data.bytes(), data.receipt(), more);
      if (paused) {
        counters.pause();
      }
    }
    return item != null;
  }

  private void say(String problem) {
    LOG.info("{}: {}", worker.name(), problem);
  }

  @Override
  public final void resume() {
    resumes.incrementAndGet();
    wake();
  }

  @Override
  public final void close() {
    if (!worker.isCurrent()) {
      worker.stop(1);
      try {
        if (!handedOver.await(CLOSE_WAIT_MS, TimeUnit.MILLISECONDS)) {
          LOG.warn("{} is still closing", worker.name());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    } else {
      worker.stop(0);
    }
  }

  @Override
  public final void giveUp() {
    close();
  }

  @Override
  public final boolean hasEnded(long limitMs) {
    return worker.join(limitMs);
  }

  @Override
  public StreamStatistics statistics() {
    return counters.statistics();
  }
}
