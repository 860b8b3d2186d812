/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.daqstream.base.support.Worker;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.server.internal.log.LogPublisher;
import org.daqstream.server.internal.log.SharedLog;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that serves all clients: it owns them, their subscriptions and their sockets' outgoing
 * side. One turn takes the log's newest entries, carries out what other threads asked for, and
 * gives every client what lies between its cursor and the head. Then it sleeps until a publisher
 * appends, another thread asks for something, or a full socket takes bytes again.
 *
 * <p>Other threads have it do something ({@link #submit}, {@link #send}, {@link #answer}) or tell
 * it of an append; none of that blocks.
 */
public final class FanOut implements SharedLog.Wakeup {
  private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);

  private static final int SHARED_OUTPUT_BYTES = 128 * 1024;
  private static final long HOUSEKEEPING_MS = 100;

  private final ServerStatistics statistics;
  private final Doorbell doorbell;
  private final Worker worker;
  private final TaskQueue tasks;
  private final Clients clients;
  private final KeepAlive keepAlive;
  private final SharedLog.ReaderPin pin;
  private final SharedLog log;
  private final LossLedger losses;
  private final ByteBuffer sharedOutput = ByteBuffer.allocateDirect(SHARED_OUTPUT_BYTES);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final AtomicLong turns = new AtomicLong();
  private long nextHousekeepingNanos;
  private boolean due; // a turn found what the next one has to do
  private boolean stopping;

  /** Makes the thread, which {@link #start} starts. */
  public FanOut(LogPublisher publisher, ServerStatistics statistics, ServerLimits limits)
      throws IOException {
    this.statistics = statistics;
    this.losses = new LossLedger(statistics);
    this.tasks = new TaskQueue(statistics);
    this.doorbell = new Doorbell();
    this.clients = new Clients(publisher, statistics, limits, doorbell, this::submit);
    this.keepAlive = new KeepAlive(clients, statistics);
    this.log = publisher.log();
    this.pin = log.newPin();
    this.worker = new Worker("daqstream-fanout", self -> run());
  }

  public void start() {
    worker.start();
  }

  /** Closes all clients with a reason and ends the thread; waits for that. */
  public void stop() {
    submit(() -> stopping = true);
    if (!worker.join(clients.limits().closeTimeoutMs() + 5_000L)) {
      LOG.warn("{} did not end in time", worker.name());
    }
  }

  /** Completes when the thread runs no more tasks. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** Has a task run on the fan-out thread, after the present turn. */
  public void submit(TaskQueue.Task task) {
    tasks.add(task);
    doorbell.ring();
  }

  @Override
  public void onAppend() {
    doorbell.ring();
  }

  /** Grows with every turn, several times a second at least. */
  public long turns() {
    return turns.get();
  }

  /** What the thread does now, for whoever wonders why there are no turns. */
  public String whereabouts() {
    return Arrays.stream(worker.thread().getStackTrace())
        .limit(5)
        .map(StackTraceElement::toString)
        .collect(Collectors.joining(" < "));
  }

  public void setLimits(ServerLimits newLimits) {
    clients.setLimits(newLimits);
  }

  /**
   * Sends a frame of the WebSocket session to a client, between the data. Always later, because
   * Jetty may call it on the fan-out thread from within a flush, behind which nothing is sent.
   */
  public void send(Client client, int opcode, byte[] payload, Callback callback) {
    submit(() -> clients.send(client, opcode, payload, callback));
  }

  /** Sends an answer: on the fan-out thread in its place behind what was put, else later. */
  public void answer(Client client, byte[] packet, Callback callback) {
    if (worker.isCurrent()) {
      clients.answer(client, packet, callback);
    } else {
      send(client, FrameHeader.BINARY, packet, callback);
    }
  }

  /** Announces where cursors of the thread read. */
  SharedLog.ReaderPin pin() {
    return pin;
  }

  /** The buffer in which all outputs of the thread collect what they send. */
  ByteBuffer sharedOutput() {
    return sharedOutput;
  }

  /** The holes in what clients got, for tasks. */
  public LossLedger losses() {
    return losses;
  }

  public Clients clients() {
    return clients;
  }

  private void run() {
    while (!stopping || !clients.all().isEmpty()) {
      try {
        turn();
        turns.incrementAndGet();
      } catch (IOException | RuntimeException | Error e) {
        statistics.fault(worker.name() + " goes on behind a turn that failed", e);
        if (stopping) {
          break;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(HOUSEKEEPING_MS));
      }
    }
    while (tasks.run()) {} // nobody is connected: what is left only gets its refusal
    tasks.runSafely(doorbell::close);
    ended.complete(null);
  }

  private void turn() throws IOException {
    boolean ranTasks = tasks.run();
    boolean worked = clients.advance() || ranTasks || due;
    if (worked) {
      clients.serveAll();
    }
    keepHouse();
    if (worked && clients.isAnyWaiting()) {
      doorbell.look();
    }
    due =
        !worked
            && !doorbell.sleep(
                () -> tasks.isEmpty() && !clients.advance(), clients.waitMs(HOUSEKEEPING_MS));
    due |= doorbell.ready(clients::writable);
  }

  private void keepHouse() {
    long now = System.nanoTime();
    clients.turned(now);
    if (now - nextHousekeepingNanos < 0) {
      return;
    }
    nextHousekeepingNanos = now + TimeUnit.MILLISECONDS.toNanos(HOUSEKEEPING_MS);
    clients.keepHouse(now, stopping);
    log.trim(now);
    keepAlive.run(now, clients.limits());
  }
}
