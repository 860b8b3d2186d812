/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.daqstream.protocol.CommandInterfaces;
import org.daqstream.server.internal.log.LogPublisher;
import org.daqstream.server.internal.log.SharedLog;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.OpCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that serves all clients: it owns them, their subscriptions and their sockets' outgoing
 * side. One turn takes the log's newest entries, carries out what other threads asked for, and
 * gives every client what lies between its cursor and the head. Then it sleeps until a publisher
 * appends, another thread asks for something, or a full socket takes bytes again.
 *
 * <p>Other threads only call {@link #submit} and {@link #onAppend}; neither blocks.
 */
public final class FanOut implements SharedLog.Wakeup {
  private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);

  /** Close code for a client that reads too slowly or that the operator does not want. */
  static final int CLOSE_POLICY = 1008;

  /** Close code for a client that would have to be sent more than it survives. */
  static final int CLOSE_TOO_LARGE = 1009;

  /** Close code when the server stops. */
  static final int CLOSE_GOING_AWAY = 1001;

  private static final int SHARED_OUTPUT_BYTES = 128 * 1024;
  private static final long HOUSEKEEPING_MS = 100;

  private final LogPublisher publisher;
  private final ServerStatistics statistics;
  private volatile ServerLimits limits;
  private final Doorbell doorbell;
  private final Thread thread;
  private final TaskQueue tasks;
  private final List<Client> clients = new ArrayList<>();
  private final Map<String, Client> byStreamId = new HashMap<>();
  private final KeepAlive keepAlive;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private Catalog catalog;
  private ReaderTools readerTools;
  private ByteBuffer sharedOutput;
  private Client serving;
  private long nextHousekeepingNanos;
  private boolean stopping;
  private final AtomicLong turns = new AtomicLong();

  /** What a cursor needs of its thread. */
  record ReaderTools(SharedLog.ReaderPin pin, ByteBuffer view) {}

  public FanOut(
      String name, LogPublisher publisher, ServerStatistics statistics, ServerLimits limits)
      throws IOException {
    this.publisher = publisher;
    this.statistics = statistics;
    this.limits = limits;
    this.tasks = new TaskQueue(statistics);
    this.keepAlive = new KeepAlive(this, statistics);
    this.doorbell = new Doorbell();
    this.thread = new Thread(this::run, name);
    this.thread.setDaemon(true);
  }

  public void start() {
    sharedOutput = ByteBuffer.allocateDirect(SHARED_OUTPUT_BYTES);
    readerTools = new ReaderTools(publisher.log().newPin(), publisher.log().newView());
    catalog = new Catalog(publisher);
    thread.start();
  }

  /** Closes all clients with a reason and ends the thread; waits for that. */
  public void stop() throws InterruptedException {
    submit(() -> stopping = true);
    thread.join(limits.closeTimeoutMs() + 5_000L);
    if (thread.isAlive()) {
      LOG.warn("{} did not end in time", thread.getName());
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

  /** The same for a task of a client, which is disconnected when it fails. */
  public void submit(Client client, TaskQueue.Task task) {
    submit(
        () -> {
          try {
            task.run();
          } catch (IOException | RuntimeException | Error e) {
            fault(client, e);
          }
        });
  }

  /** Whether the caller is the fan-out thread. */
  boolean isCurrentThread() {
    return Thread.currentThread() == thread;
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
    return Arrays.stream(thread.getStackTrace())
        .limit(5)
        .map(StackTraceElement::toString)
        .collect(Collectors.joining(" < "));
  }

  public void setLimits(ServerLimits newLimits) {
    limits = newLimits;
  }

  /**
   * Sends a frame of the WebSocket session to a client, between the data. Always later, because
   * Jetty may call it on the fan-out thread from within a flush, behind which nothing is sent.
   */
  public void send(Client client, int opcode, byte[] payload, Callback callback) {
    submit(
        client,
        () -> {
          put(client, opcode, payload, callback);
          serve(client, false);
        });
  }

  /** Sends an answer: on the fan-out thread in its place behind what was put, else later. */
  public void answer(Client client, byte[] packet, Callback callback) {
    if (!isCurrentThread()) {
      send(client, OpCode.BINARY, packet, callback);
      return;
    }
    put(client, OpCode.BINARY, packet, callback);
    if (serving != client) {
      serve(client, false); // leaves the shared buffer empty for the next client
    }
  }

  /** Sends a message of the server's own, in its place behind what was put; a task. */
  void sendNow(Client client, int opcode, byte[] payload) {
    put(client, opcode, payload, Callback.NOOP);
    serve(client, false);
  }

  private void put(Client client, int opcode, byte[] payload, Callback callback) {
    if (client.state() == Client.State.CLOSED || client.saidClose()) {
      callback.failed(new IOException("client is gone"));
      return;
    }
    if (opcode == OpCode.CLOSE) {
      client.saysClose(closeDeadlineNanos()); // whoever decided it, it must end in time
    }
    try {
      client.output().putFrame(opcode, payload);
      client.output().whenFlushed(callback);
    } catch (IOException e) {
      giveUp(client, e);
      callback.failed(e);
    }
  }

  /** The peer began to close; it gets its answer or is cut off in time. A task. */
  public void peerCloses(Client client) {
    client.peerCloses(closeDeadlineNanos());
    serve(client, false); // sends what its abandoned commands answered
  }

  public ReaderTools readerTools() {
    return readerTools;
  }

  public ByteBuffer sharedOutput() {
    return sharedOutput;
  }

  /** The client with a stream id, {@code null} if there is none. */
  public Client client(String streamId) {
    return byStreamId.get(streamId);
  }

  public List<Client> clients() {
    return clients;
  }

  public int lagPercent(Client client) {
    return client.lagPercent(catalog, publisher.log().chunkCount());
  }

  /** Adds a client and greets it; a task. */
  public void add(Client client, CommandInterfaces commandInterfaces) {
    catalog.advance();
    clients.add(client);
    byStreamId.put(client.streamId(), client);
    try {
      client.greet(catalog, commandInterfaces);
    } catch (IOException e) { // gone again
      giveUp(client, e);
    }
    serve(client, false);
  }

  /** Removes a client whose connection is gone; a task. */
  public void remove(Client client, Throwable cause) throws IOException {
    if (clients.remove(client)) {
      byStreamId.remove(client.streamId());
      statistics.gone(client);
      client.closed(cause);
      doorbell.look(); // lets go of the socket, which stays open while a key is cancelled
    }
  }

  /** Closes the connection of a client; a task. */
  public void disconnect(Client client, String reason) {
    client.close(CLOSE_POLICY, reason, closeDeadlineNanos());
    serve(client, false);
  }

  /** Carries out a client's command; a task. */
  public void execute(Client client, Command command) {
    catalog.advance();
    command.resolve(catalog);
    client.add(command);
    serve(client, false);
    if (client.queuedSignals() > 0) {
      boundWaitingCommands();
    }
  }

  /** Commands that wait for their clients to read are bounded; who has most of them goes first. */
  private void boundWaitingCommands() {
    int waiting = 0;
    Client most = null;
    for (Client client : clients) {
      waiting += client.queuedSignals();
      most = most == null || client.queuedSignals() > most.queuedSignals() ? client : most;
    }
    if (waiting > Client.QUEUED_SIGNALS_MAX) {
      statistics.tooSlow(most, "it does not read the answers to its commands");
      disconnect(most, "too slow: answers are not read");
    }
  }

  private void run() {
    while (!stopping || !clients.isEmpty()) {
      try {
        turn();
        turns.incrementAndGet();
      } catch (IOException | RuntimeException | Error e) {
        statistics.fault(thread.getName() + " goes on behind a turn that failed", e);
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
    final boolean ranTasks = tasks.run();
    final boolean worked = catalog.advance() || ranTasks;
    if (worked) {
      serveAll();
    }
    keepHouse();
    if (worked) {
      doorbell.look();
    } else if (!doorbell.sleep(() -> tasks.isEmpty() && !catalog.advance(), HOUSEKEEPING_MS)) {
      serveAll();
    }
    doorbell.ready(client -> serve(client, true));
  }

  private void serveAll() {
    for (int i = 0; i < clients.size(); i++) {
      serve(clients.get(i), false);
    }
  }

  private void serve(Client client, boolean writable) {
    if (client.state() == Client.State.CLOSED) {
      return;
    }
    final Client outer = serving;
    serving = client;
    try {
      final Client.Turn result = client.serve(catalog, writable);
      if (result == Client.Turn.TOO_SLOW) {
        final String reason = "more than " + limits.ringBytes() + " bytes behind (key ringBytes)";
        statistics.tooSlow(client, reason);
        disconnect(client, CLOSE_POLICY, "too slow: " + reason);
      } else if (result == Client.Turn.MORE && client.waitsForAnotherPart(true)) {
        submit(
            () -> { // behind what waits already
              client.waitsForAnotherPart(false);
              serve(client, false);
            });
      }
      client.output().watch(doorbell.selector(), client);
    } catch (SampleTooLargeException e) {
      sampleTooLarge(client, e);
    } catch (IOException | CancelledKeyException e) {
      giveUp(client, e);
    } catch (RuntimeException | Error e) { // one client's fault must not end the thread of all
      fault(client, e);
    } finally {
      serving = outer;
    }
  }

  private void disconnect(Client client, int code, String reason) throws IOException {
    client.close(code, reason, closeDeadlineNanos());
    client.output().flush(); // leaves the shared buffer empty for the next client
  }

  private void sampleTooLarge(Client client, SampleTooLargeException cause) {
    cause.signal().version().refuse(client.profile(), cause.getMessage());
    statistics.sampleTooLarge(client, cause.getMessage());
    try {
      disconnect(client, CLOSE_TOO_LARGE, cause.getMessage());
      client.output().watch(doorbell.selector(), client);
    } catch (IOException | CancelledKeyException e) {
      giveUp(client, e);
    }
  }

  private void fault(Client client, Throwable cause) {
    statistics.fault(client + " is disconnected", cause);
    giveUp(client, cause);
  }

  private void giveUp(Client client, Throwable cause) {
    if (cause instanceof ClientOutput.OverflowException) {
      statistics.tooSlow(client, cause.getMessage());
    }
    client.closed(cause);
    client.session().abort();
  }

  private long closeDeadlineNanos() {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limits.closeTimeoutMs());
  }

  private void keepHouse() {
    final long now = System.nanoTime();
    if (now - nextHousekeepingNanos < 0) {
      return;
    }
    nextHousekeepingNanos = now + TimeUnit.MILLISECONDS.toNanos(HOUSEKEEPING_MS);
    for (Client client : List.copyOf(clients)) {
      if (stopping) {
        client.close(CLOSE_GOING_AWAY, "server stops", closeDeadlineNanos());
      }
      if (client.isOverdue(now)) {
        client.session().abort();
        tasks.runSafely(() -> remove(client, new IOException("closing took too long")));
      } else {
        serve(client, false);
      }
    }
    keepAlive.run(now, limits);
  }
}
