/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.server.internal.access.Rights;
import org.daqstream.server.internal.log.LogPosition;
import org.daqstream.server.internal.log.LogPublisher;
import org.eclipse.jetty.util.Callback;

/**
 * All clients of a server; belongs to the fan-out thread. Whatever is done for one ends with giving
 * it what is next, and a failure in that ends this client only.
 *
 * <p>A client ends in one of two ways. It is <em>closed</em>, by either side: a close frame tells
 * why, and the connection ends when the other side has answered, or in time. Or it is
 * <em>aborted</em>: the connection is broken, or is cut. Both ways it is <em>removed</em> when its
 * connection is gone.
 */
public final class Clients {
  private static final int CONVOY_CLIENTS = 32;
  private static final int CONVOY_ENTRIES = 2_048; // in a chunk: frames of 256 bytes and more
  private static final TaskQueue.Task NOTHING_FIRST = () -> {};

  private final LogPublisher publisher;
  private final ServerStatistics statistics;
  private final Doorbell doorbell;
  private final Consumer<TaskQueue.Task> later;
  private final List<Client> clients = new ArrayList<>();
  private final List<Client> active = new ArrayList<>(); // the others rest
  private final Audience audience = new Audience();
  private final LogPosition served = new LogPosition(); // what those who rest have
  private final Map<String, Client> bySessionId = new HashMap<>();
  private final Catalogue catalogue;
  private final LogPosition convoy = new LogPosition();
  private final Consumer<Client> wake = this::wake; // made once: turns allocate nothing
  private final Predicate<Client> rests;
  private volatile ServerLimits limits;
  private boolean waiting;
  private Client serving;

  /** Nobody is connected yet; {@code later} has a task done behind what waits already. */
  Clients(
      LogPublisher publisher,
      ServerStatistics statistics,
      ServerLimits limits,
      Doorbell doorbell,
      Consumer<TaskQueue.Task> later) {
    this.publisher = publisher;
    this.statistics = statistics;
    this.limits = limits;
    this.doorbell = doorbell;
    this.later = later;
    this.catalogue = new Catalogue(publisher, audience);
    this.rests = client -> client.rests(catalogue);
    served.set(catalogue.head());
  }

  /** Who subscribed to what. */
  Audience audience() {
    return audience;
  }

  /** Any thread. */
  void setLimits(ServerLimits newLimits) {
    limits = newLimits;
  }

  ServerLimits limits() {
    return limits;
  }

  /** Every client whose connection is not gone. */
  public List<Client> all() {
    return clients;
  }

  /** The client with a stream id, {@code null} if there is none. */
  public Client find(String sessionId) {
    return bySessionId.get(sessionId);
  }

  /** How full the log is with what a client has not got yet. */
  public int lagPercent(Client client) {
    return client.lagPercent(catalogue, publisher.log().chunkCount());
  }

  /** How far a client is behind. */
  public Lag lag(Client client) {
    return client.state() == Client.State.OPEN && !client.isResting()
        ? Lag.of(client.position(), catalogue.head(), publisher.log().chunkBytes())
        : Lag.NONE;
  }

  /** Moves to the newest entry of the log, up to which all are served. */
  boolean advance() {
    return catalogue.advance();
  }

  /** A turn ends. */
  void turned(long now) {
    catalogue.heads().note(catalogue.head(), now);
  }

  /** How long nothing is to be done by itself; the given time at most. */
  long waitMs(long mostMs) {
    return catalogue.derivations().waitMs(mostMs);
  }

  /** Adds a client and greets it. */
  public void add(Client client, Greeting greeting) {
    catalogue.advance();
    clients.add(client);
    active.add(client);
    bySessionId.put(client.identity().sessionId(), client);
    serve(client, () -> client.greet(catalogue, greeting));
  }

  /** Sets what a client may do from now on. */
  public void setRights(Client client, Rights rights) {
    if (clients.contains(client)) {
      catalogue.advance();
      serve(client, () -> client.setRights(rights, catalogue));
    }
  }

  /** Carries out a client's command. */
  public void execute(Client client, Command command) {
    catalogue.advance();
    serve(client, () -> client.add(command, catalogue));
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
    if (waiting > CommandQueue.SIGNALS_MAX) {
      statistics.tooSlow(most, "it does not read the answers to its commands");
      close(most, Farewell.tooSlow("answers are not read"));
    }
  }

  /** Sends a packet in its place behind what was put. */
  void answer(Client client, byte[] packet, Callback callback) {
    if (serving == client) {
      put(client, FrameHeader.BINARY, packet, callback);
    } else {
      send(client, FrameHeader.BINARY, packet, callback);
    }
  }

  /** Sends a frame in its place behind what was put. */
  void send(Client client, int opcode, byte[] payload, Callback callback) {
    serve(client, () -> put(client, opcode, payload, callback));
  }

  private void put(Client client, int opcode, byte[] payload, Callback callback) {
    if (client.state() == Client.State.CLOSED || client.saidClose()) {
      callback.failed(new IOException("client is gone"));
      return;
    }
    if (opcode == FrameHeader.CLOSE) {
      client.saysClose(closeDeadlineNanos()); // whoever decided it, it must end in time
    }
    try {
      client.output().putFrame(opcode, payload);
      client.output().whenFlushed(callback);
    } catch (IOException e) {
      abort(client, e);
      callback.failed(e);
    }
  }

  public void close(Client client, Farewell farewell) {
    serve(client, () -> client.close(farewell, closeDeadlineNanos()));
  }

  /** The peer began to close; it gets its answer or is cut off in time. */
  public void peerCloses(Client client) {
    serve(client, () -> client.startClosing(closeDeadlineNanos()));
  }

  private void abort(Client client, Throwable cause) {
    if (cause instanceof ClientOutput.OverflowException) {
      statistics.tooSlow(client, cause.getMessage());
    }
    client.closed(cause);
    client.session().abort();
  }

  /** Removes a client whose connection is gone. */
  public void remove(Client client, Throwable cause) throws IOException {
    if (clients.remove(client)) {
      active.remove(client);
      bySessionId.remove(client.identity().sessionId());
      statistics.gone(client);
      client.closed(cause);
      doorbell.look(); // lets go of the socket, which stays open while a key is cancelled
    }
  }

  private long closeDeadlineNanos() {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limits.closeTimeoutMs());
  }

  /** Gives every client what is next, and the log what none of them needs any more. */
  void serveAll() {
    wakeTouched();
    if (active.size() >= CONVOY_CLIENTS) {
      serveInConvoy();
    }
    waiting = false;
    for (int i = 0; i < active.size(); i++) {
      Client client = active.get(i);
      serve(client, NOTHING_FIRST);
      waiting |= client.output().isBlocked();
    }
    active.removeIf(rests);
    served.set(catalogue.head());
    audience.begin(active.size() < clients.size());
    publisher.log().release(lowestSequence(false));
  }

  /** Ends the rest of those for whom there may be something. */
  private void wakeTouched() {
    if (audience.isAllTouched()) {
      clients.forEach(wake);
    } else {
      audience.forEachTouched(wake);
    }
  }

  private void wake(Client client) {
    if (client.wake(served)) {
      active.add(client);
    }
  }

  /**
   * Gives those who are behind the log chunk by chunk together, so that each is read from memory
   * once. Measured: it pays for many clients and frames that are not small.
   */
  private void serveInConvoy() {
    long head = catalogue.head().sequence;
    for (long sequence = lowestSequence(true); sequence < head; sequence++) {
      convoy.sequence = sequence + 1;
      for (int i = 0; i < active.size(); i++) {
        Client client = active.get(i);
        if (client.needsLog()
            && client.position().isBefore(convoy)
            && client.position().chunk.entryCount() <= CONVOY_ENTRIES
            && client.takesMore()) {
          serve(client, convoy, NOTHING_FIRST);
        }
      }
    }
  }

  /** The chunk of the log that the last client is in, or the last of those who can take more. */
  private long lowestSequence(boolean ofThoseWhoCanTakeMore) {
    long lowest = catalogue.head().sequence;
    for (int i = 0; i < active.size(); i++) {
      Client client = active.get(i);
      if (client.needsLog() && (client.takesMore() || !ofThoseWhoCanTakeMore)) {
        lowest = Math.min(lowest, client.position().sequence);
      }
    }
    return lowest;
  }

  /** Whether the socket of one of them was full. */
  boolean isAnyWaiting() {
    return waiting;
  }

  /** A client's socket takes bytes again. */
  void writable(Client client) {
    client.output().writable();
  }

  /**
   * Whether a client's socket takes anything, though it was not seen ready: with a large buffer the
   * system says so only when a good part of it is free, which takes minutes on a slow line.
   */
  boolean takesAny(Client client) {
    long before = client.output().sentBytes();
    writable(client);
    serve(client, NOTHING_FIRST);
    return client.output().sentBytes() != before;
  }

  /** Does something for a client and gives it what is next. */
  void serve(Client client, TaskQueue.Task first) {
    serve(client, catalogue.head(), first);
  }

  /** Does something for a client and gives it what is next, so that nothing is left for others. */
  private void serve(Client client, LogPosition limit, TaskQueue.Task first) {
    Client outer = serving;
    serving = client;
    wake(client);
    try {
      first.run();
      if (client.state() != Client.State.CLOSED) {
        next(client, limit);
        client.output().watch(doorbell.selector(), client);
      }
    } catch (IOException | CancelledKeyException e) {
      abort(client, e);
    } catch (RuntimeException | Error e) { // one client's fault must not end the thread of all
      statistics.fault(client + " is disconnected", e);
      abort(client, e);
    } finally {
      serving = outer;
    }
  }

  private void next(Client client, LogPosition limit) throws IOException {
    try {
      if ((isFarBehind(client) || Pace.isBehind(client, catalogue)) && mayLose(client)) {
        client.skip(catalogue, lag(client) + " behind");
      }
      Turn turn = client.serve(catalogue, limit);
      if (turn == Turn.TOO_SLOW) {
        String reason =
            "more than " + publisher.log().limitBytes() + " bytes behind (key ringBytes)";
        statistics.tooSlow(client, reason);
        closeAndFlush(client, Farewell.tooSlow(reason));
      } else if (turn == Turn.MORE && client.waitsForAnotherPart(true)) {
        later.accept(() -> serve(client, () -> client.waitsForAnotherPart(false)));
      }
    } catch (SampleTooLargeException e) {
      e.signal().version().refuse(client.profile(), e.getMessage());
      statistics.sampleTooLarge(client, e.getMessage());
      closeAndFlush(client, Farewell.tooLarge(e.getMessage()));
    }
  }

  /** Whether a client goes on with the present when it is too slow, else it is disconnected. */
  public boolean mayLose(Client client) {
    return client.mayLose(limits.slowClients() == SlowClients.GAP);
  }

  /** Whether a client will be overtaken soon; it is not yet, unless this thread was held up. */
  private boolean isFarBehind(Client client) {
    long chunks = catalogue.head().sequence - client.position().sequence;
    return client.needsLog() && chunks > publisher.log().chunkCount() * 3L / 4;
  }

  /** Closes a client that is being served; leaves the shared buffer empty for the next one. */
  private void closeAndFlush(Client client, Farewell farewell) throws IOException {
    client.close(farewell, closeDeadlineNanos());
    client.output().flush();
  }

  /** Looks after all: who does not finish the closing handshake is cut off. */
  void keepHouse(long now, boolean stopping) {
    catalogue.derivations().keepHouse();
    for (Client client : List.copyOf(clients)) {
      if (client.isOverdue(now)) {
        client.session().abort();
        serve(client, () -> remove(client, new IOException("closing took too long")));
      } else if (stopping) {
        close(client, Farewell.SERVER_STOPS);
      } else if (!client.isResting()) {
        serve(client, NOTHING_FIRST);
      }
    }
  }
}
