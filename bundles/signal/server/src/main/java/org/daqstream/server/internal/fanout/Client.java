/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.daqstream.protocol.Delivery;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.server.internal.access.Rights;
import org.daqstream.server.internal.derive.Contract;
import org.daqstream.server.internal.log.LogPosition;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.websocket.core.CoreSession;

/**
 * One connected client: its cursor in the log, its subscriptions and its way out. Everything but
 * the final fields belongs to the fan-out thread.
 */
public final class Client {
  /** Life of a client. */
  public enum State {
    /** Greeted and served. */
    OPEN,
    /** A close frame is on its way; nothing else is sent. */
    CLOSING,
    /** Nothing is left. */
    CLOSED
  }

  private final ClientIdentity identity;
  private final Instant connectedAt = Instant.now();
  private final PeerProfile profile;
  private final CoreSession session;
  private final ClientOutput output;
  private final Subscriptions subscriptions;
  private final LogReader reader;
  private final Rest rest = new Rest();
  private final LifeSigns lifeSigns = new LifeSigns();
  private final CommandQueue commands = new CommandQueue();
  private volatile Rights rights = Rights.ALL;
  private State state = State.OPEN;
  private volatile Pace pace;
  private long seenEvents;
  private long closeDeadlineNanos;
  private boolean saidClose;
  private boolean waitsForAnotherPart;

  public Client(
      ClientIdentity identity,
      CoreSession session,
      EndPoint endPoint,
      int pendingLimitBytes,
      FanOut fanOut) {
    this.identity = identity;
    this.profile = identity.profile();
    this.session = session;
    this.output = new ClientOutput(endPoint, fanOut.sharedOutput(), pendingLimitBytes);
    SubscriptionObserver observer =
        new SubscriptionObserver(this, fanOut.clients().audience(), fanOut.losses());
    this.subscriptions = new Subscriptions(output, profile, observer);
    this.reader = new LogReader(output, subscriptions, profile, fanOut.pin());
  }

  public ClientIdentity identity() {
    return identity;
  }

  /** What it may do; any thread. */
  public Rights rights() {
    return rights;
  }

  /** Sets what it may do before it is greeted, and when it has to go. */
  public void setFirstRights(Rights newRights) {
    rights = newRights;
    subscriptions.setRights(newRights);
    if (!newRights.seesAll()) {
      subscriptions.useOwnNumbers();
      reader.useOwnNumbers();
    }
  }

  /** What is not for it any more goes at once, what is from now on is offered. */
  void setRights(Rights newRights, Catalogue catalogue) throws IOException {
    setFirstRights(newRights);
    if (state == State.OPEN) {
      subscriptions.obeyRights(catalogue);
    }
  }

  public Instant connectedAt() {
    return connectedAt;
  }

  /** Ids of the subscribed signals, implicit domains included. */
  public List<String> signalIds() {
    return subscriptions.signalIds();
  }

  /** How often it lost samples of a signal. */
  public long holes() {
    return subscriptions.holes();
  }

  CoreSession session() {
    return session;
  }

  public ClientOutput output() {
    return output;
  }

  public State state() {
    return state;
  }

  public long deliveredPackets() {
    return reader.deliveredPackets();
  }

  /** The first messages, in the order that all peers rely on (protocol section 2.1). */
  void greet(Catalogue catalogue, Greeting greeting) throws IOException {
    reader.position().set(catalogue.head());
    seenEvents = catalogue.eventCount();
    output.putPacket(MetadataCodec.packet(0, greeting.version().toMetadata()));
    output.putPacket(MetadataCodec.packet(0, greeting.init().toMetadata()));
    subscriptions.offer(catalogue.entries().stream().map(Catalogue.Entry::signal).toList(), true);
  }

  /** From now on it gets what it subscribes to as it wants. */
  void deliver(Delivery wanted) {
    output.join(Math.min(wanted.messageBytes(), ClientOutput.LARGEST_MESSAGE_BYTES));
    pace = new Pace(output, wanted);
  }

  /** How it wants to get what it subscribes to; {@code null} if it did not say. */
  Pace pace() {
    return pace;
  }

  /** Whether more can be sent now. */
  boolean takesMore() {
    return !output.isBlocked() && (pace == null || pace.room() > 0);
  }

  /** Takes a command, resolved at the catalogue's head. */
  void add(Command command, Catalogue catalogue) {
    if (state == State.OPEN) {
      command.resolve(catalogue, profile, subscriptions);
      commands.add(command);
    } else {
      command.finish();
    }
  }

  /** Signals in commands that wait. */
  int queuedSignals() {
    return commands.signals();
  }

  /** Notes whether a task for the next part of its command is under way; tells if that is news. */
  boolean waitsForAnotherPart(boolean waits) {
    boolean news = waits != waitsForAnotherPart;
    waitsForAnotherPart = waits;
    return news;
  }

  /** Leaves out what lies between its place and the catalogue's head, unless it was overtaken. */
  void skip(Catalogue catalogue, String reason) throws IOException {
    if (reader.skipTo(catalogue, reason)) {
      seenEvents = catalogue.eventCount();
    }
  }

  /**
   * Delivers everything up to a place, or as much as the socket takes; the place is the catalogue's
   * head, or the end of a chunk before it, of which then only the sequence counts.
   */
  Turn serve(Catalogue catalogue, LogPosition limit) throws IOException {
    if (state == State.OPEN && isOvertaken()) {
      if (!subscriptions.isEachWanted(Contract.Kind.LATEST::equals)) {
        return Turn.TOO_SLOW;
      }
      // Only events were missed, and what they add up to stands in the catalogue, or old samples.
      reader.jumpTo(catalogue);
      seenEvents = catalogue.eventCount();
    }
    if (output.isBlocked() || !output.flush()) {
      return Turn.BLOCKED;
    }
    if (state != State.OPEN) {
      return Turn.IDLE;
    }
    Turn commanded = executeCommands(catalogue);
    if (commanded != Turn.IDLE) {
      return commanded;
    }
    Turn turn = read(catalogue, needsLog() ? limit : catalogue.head(), pace);
    if (pace != null) {
      pace.mark(reader.deliveredPackets(), reader.position(), catalogue);
    }
    return turn == Turn.TOO_SLOW || output.isBlocked() || output.flush() ? turn : Turn.BLOCKED;
  }

  /** Carries out the commands that wait, each at its place; idle when none is left. */
  private Turn executeCommands(Catalogue catalogue) throws IOException {
    while (!commands.isEmpty()) {
      Command command = commands.first();
      if (command.place().isBefore(reader.position())) {
        command.resolve(catalogue, profile, subscriptions); // parts of the one before it came later
      }
      // At any pace: what the client reaches comes behind this, and is not looked at yet.
      Turn turn = read(catalogue, command.place(), null);
      if (turn != Turn.IDLE) {
        return turn;
      }
      if (!command.execute(subscriptions, reader, output)) {
        return Turn.BLOCKED;
      }
      if (!command.isDone()) {
        command.resolve(catalogue, profile, subscriptions);
        return output.flush() ? Turn.MORE : Turn.BLOCKED;
      }
      commands.finishFirst();
    }
    return Turn.IDLE;
  }

  /** Delivers what lies before a place; idle when that is done. */
  private Turn read(Catalogue catalogue, LogPosition limit, Pace ahead) throws IOException {
    if (subscriptions.count() == 0 && seenEvents == catalogue.eventCount()) {
      reader.position().set(limit);
      return Turn.IDLE;
    }
    return switch (reader.readUpTo(limit, ahead)) {
      case DONE -> {
        if (limit == catalogue.head()) {
          seenEvents = catalogue.eventCount();
        }
        yield Turn.IDLE;
      }
      case BLOCKED -> Turn.BLOCKED;
      case OVERTAKEN -> Turn.TOO_SLOW;
    };
  }

  /** Whether it must get what lies in the log behind its place. */
  boolean needsLog() {
    return state == State.OPEN && subscriptions.count() > 0;
  }

  /**
   * Whether it goes on with the present when it is too slow: its strictest subscription decides,
   * and the server for those who did not say it.
   */
  boolean mayLose(boolean byServer) {
    if (subscriptions.count() == 0) {
      return byServer;
    }
    return subscriptions.isEachWanted(
        kind -> kind != Contract.Kind.DISCONNECT && (byServer || kind != Contract.Kind.SERVER));
  }

  /**
   * Whether it has everything and got nothing for some turns: then it rests, and its place in the
   * log is not kept, until it is woken.
   */
  boolean rests(Catalogue catalogue) {
    boolean isIdle =
        state == State.OPEN
            && commands.isEmpty()
            && !output.isBlocked()
            && output.pendingBytes() == 0
            && seenEvents == catalogue.eventCount()
            && !reader.position().isBefore(catalogue.head());
    boolean rests = rest.turn(isIdle, reader.deliveredPackets());
    if (rests) {
      reader.position().chunk = null; // it would keep what the log gives back
    }
    return rests;
  }

  boolean isResting() {
    return rest.isOn();
  }

  /** Ends its rest, if it rests, when there may be something for it behind the place. */
  boolean wake(LogPosition place) {
    boolean rested = rest.end();
    if (rested) {
      reader.position().set(place);
    }
    return rested;
  }

  LogPosition position() {
    return reader.position();
  }

  private boolean isOvertaken() {
    LogPosition position = reader.position();
    return position.chunk.sequence != position.sequence;
  }

  /** How full the log is with what this client has not got yet, in percent; 0 once it leaves. */
  int lagPercent(Catalogue catalogue, int chunkCount) {
    if (state != State.OPEN || rest.isOn()) {
      return 0; // it gets nothing of the log any more, or has it
    }
    return (int)
        Math.min(100, 100 * (catalogue.head().sequence - reader.position().sequence) / chunkCount);
  }

  public PeerProfile profile() {
    return profile;
  }

  /** Starts the closing handshake, unless it has begun. */
  public void close(Farewell farewell, long deadlineNanos) {
    if (state == State.OPEN) {
      startClosing(deadlineNanos);
      farewell.say(session);
    }
  }

  /** Either side begins the closing handshake; what is unsent of the log stays unsent. */
  void startClosing(long deadlineNanos) {
    if (state == State.OPEN) {
      state = State.CLOSING;
      closeDeadlineNanos = deadlineNanos;
      commands.abandon();
      subscriptions.clear();
    }
  }

  /** A close frame is about to be put; nothing may follow it. */
  void saysClose(long deadlineNanos) {
    startClosing(deadlineNanos);
    saidClose = true;
  }

  public boolean saidClose() {
    return saidClose;
  }

  /** Something came from the peer, a pong or anything else; its connection's thread calls this. */
  public void heard(boolean isPong) {
    lifeSigns.heard(isPong);
  }

  LifeSigns lifeSigns() {
    return lifeSigns;
  }

  /** Whether commands wait for its socket: meanwhile nothing of it is read. */
  boolean hasCommands() {
    return !commands.isEmpty();
  }

  /** Whether the peer has not finished the closing handshake in time. */
  boolean isOverdue(long nowNanos) {
    return state == State.CLOSING && nowNanos - closeDeadlineNanos > 0;
  }

  @Override
  public String toString() {
    return identity.toString();
  }

  /** Gives up everything; the connection is gone. */
  void closed(Throwable cause) {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    rest.end(); // nothing wakes it any more
    commands.abandon();
    subscriptions.clear();
    output.abort(cause);
  }
}
