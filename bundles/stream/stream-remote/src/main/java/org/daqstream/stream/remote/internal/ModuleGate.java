/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.io.EOFException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.ForeignText;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.module.ModuleStatus;
import org.daqstream.stream.api.module.ModuleTraffic;
import org.daqstream.stream.wire.support.FrameBody;
import org.daqstream.stream.wire.support.FrameException;
import org.daqstream.stream.wire.support.Wire;

/**
 * Who is at the other end of a connection: lets the module in, or turns it away, and gives its
 * frames to its session. Used by the thread of the connection except where it says so.
 */
final class ModuleGate {
  private static final String KIND = "remote";
  private static final long END_STEP_MS = 2;
  private static final long END_GRACE_MS = 2000;

  /** Why a connection ends; {@code isSaid}: the other side is told. */
  record Parting(StreamResult result, String reason, boolean isSaid) {
    static Parting fault(String reason) {
      return new Parting(StreamResult.INVAL, reason, true);
    }

    /** Whether the streams are closed first, so that the module hears what became of them. */
    boolean isOrderly() {
      return result == StreamResult.AGAIN;
    }

    static Parting gone(IOException cause) {
      String reason = cause instanceof EOFException ? cause.getMessage() : cause.toString();
      return new Parting(StreamResult.OK, reason, false);
    }
  }

  /** A module that has been let in. */
  private record Entered(
      String instance, long processId, String program, Admission.Guest guest, Instant since) {}

  /**
   * What the listener knows of a connection.
   *
   * @param address of the other side
   * @param ownUser the user whose process it is, when that is the runtime's own; else empty
   * @param isNetwork whether it may be dead without an end of the connection
   */
  record Caller(String address, String ownUser, boolean isNetwork) {}

  private final ModuleHub hub;
  private final Settings settings;
  private final Caller caller;
  private ModuleLink link;
  private volatile Entered entered;
  private volatile long heardNanos;
  private volatile Parting parting; // null: it has not ended
  private ModuleSession session;
  private Parting wished = new Parting(StreamResult.AGAIN, "the runtime stops", true);
  private long grantedEvents;
  private long grantedBytes;
  private List<RuntimeFrames.Listed> listed;

  ModuleGate(ModuleHub hub, Settings settings, Caller caller) {
    this.hub = hub;
    this.settings = settings;
    this.caller = caller;
  }

  void start(ModuleLink link) {
    this.link = link;
    heardNanos = System.nanoTime();
    link.start();
  }

  ModuleLink link() {
    return link;
  }

  /** Null before it has been let in. */
  ModuleSession session() {
    return session;
  }

  int messageBytes() {
    return hub.messageBytes();
  }

  /** Something has come. */
  void hear() {
    heardNanos = System.nanoTime();
  }

  void take(int type, FrameBody body) throws FrameException {
    if (session == null) {
      if (type != Wire.HELLO) {
        throw new FrameException("the first frame is no HELLO");
      }
      enter(body);
      return;
    }
    switch (type) {
      case Wire.WRITE -> session.write(body);
      case Wire.CREDIT -> credit(body);
      case Wire.OPEN -> session.open(body);
      case Wire.CLOSE -> session.close(body);
      case Wire.PONG -> {
        body.bits();
        body.end();
      }
      default -> throw new FrameException("a frame of type " + type);
    }
  }

  private void credit(FrameBody body) throws FrameException {
    long count = body.u32();
    long bytes = body.u64();
    body.end();
    if (link.hasMoreEventRoomThan(grantedEvents - count, grantedBytes - bytes)) {
      throw new FrameException("CREDIT for more than was sent");
    }
    link.addEventRoom(count, bytes);
  }

  // --- coming in

  private void enter(FrameBody body) throws FrameException {
    if (body.i32() != Wire.MAGIC) {
      throw new FrameException("the first frame is no HELLO");
    }
    int version = body.u16();
    if (version != Wire.VERSION) {
      refuse(StreamResult.NOTSUP, "version " + version + "; this runtime has " + Wire.VERSION);
      return;
    }
    body.u16();
    long processId = body.u32();
    grantedEvents = body.u32();
    grantedBytes = body.u32();
    String instance = body.text();
    String token = body.text();
    String program = ForeignText.plain(body.text(), 100);
    body.end();
    if (grantedEvents == 0 || grantedBytes == 0) {
      throw new FrameException("no room for events");
    }
    Optional<Admission.Guest> guest = guest(instance, token);
    if (guest.isEmpty()) {
      refuse(
          StreamResult.DENIED,
          "instance '" + instance + "' is not for who this is; a token may be missing");
      return;
    }
    ModuleGate other = hub.enter(instance, this);
    if (other != null) {
      refuseBeside(other, instance);
      return;
    }
    if (hub.isFull()) {
      hub.left(this, instance);
      refuse(StreamResult.NOMEM, "at most " + settings.mostModules() + " modules");
      return;
    }
    entered = new Entered(instance, processId, program, guest.get(), Instant.now());
    welcome(instance);
  }

  private Optional<Admission.Guest> guest(String instance, String token) {
    if (hub.admission().isClosed(instance)) {
      return Optional.empty();
    }
    return caller.ownUser().isEmpty()
        ? hub.admission().find(instance, token, link.socket().identity())
        : Optional.of(Admission.ownUser(caller.ownUser()));
  }

  private void refuseBeside(ModuleGate other, String instance) {
    if (other.link.isOver()) {
      refuse(StreamResult.AGAIN, "the streams of instance '" + instance + "' are being closed");
    } else {
      refuse(StreamResult.EXIST, "instance '" + instance + "' has a connection: " + other);
    }
  }

  private void welcome(String instance) {
    session =
        new ModuleSession(link, hub.client(instance), settings, link.memory(), messageBytes());
    link.allow(messageBytes());
    link.addEventRoom(grantedEvents, grantedBytes);
    link.outbox()
        .add(
            RuntimeFrames.welcome(
                messageBytes(), settings.mostStreams(), silenceMs(), "daqstream"));
    tell(hub.streamsOf(instance));
    session.client().dispatchOn(link::takeEvents);
    link.worker().thread().setName("stream-remote-" + instance);
    hub.cameIn(this);
  }

  private int silenceMs() {
    return caller.isNetwork() ? (int) TimeUnit.NANOSECONDS.toMillis(ModuleHub.SILENCE_NANOS) : 0;
  }

  private void refuse(StreamResult result, String reason) {
    wished = new Parting(result, reason, true);
    link.end();
  }

  /** Sends the streams of the manifest if they are others than before. */
  void tell(List<RuntimeFrames.Listed> streams) {
    if (streams.equals(listed)) {
      return;
    }
    listed = streams;
    List<RuntimeFrames.Listed> left = streams;
    do {
      int count = RuntimeFrames.fitting(left);
      List<RuntimeFrames.Listed> rest = left.subList(count, left.size());
      link.outbox().add(RuntimeFrames.streams(left.subList(0, count), !rest.isEmpty()));
      left = rest;
    } while (!left.isEmpty());
  }

  // --- from other threads

  /** The instance; empty before it has been let in. */
  String instance() {
    Entered now = entered;
    return now == null ? "" : now.instance;
  }

  /** Ends the connection. */
  void dismiss(StreamResult result, String reason) {
    link.execute(() -> refuse(result, reason));
  }

  /** Looks whether it may stay, and is there. */
  void check(long now) {
    Entered who = entered;
    if (who == null || link.isOver()) {
      return;
    }
    if (!hub.admission().mayStay(who.guest, who.instance)) {
      dismiss(StreamResult.DENIED, "who came as this instance is not known any more");
    } else if (caller.isNetwork()) {
      link.execute(this::judgeAgain);
      long silence = now - heardNanos;
      if (silence > ModuleHub.SILENCE_NANOS) {
        dismiss(StreamResult.TIMEDOUT, "nothing was heard for too long");
      } else if (silence > ModuleHub.SILENCE_NANOS / 6) {
        link.execute(() -> link.outbox().add(RuntimeFrames.ping(now)));
      }
    }
  }

  /** Whether its certificate is still good. */
  private void judgeAgain() {
    String objection = link.socket().objection();
    if (!objection.isEmpty()) {
      refuse(StreamResult.DENIED, objection);
    }
  }

  /** The module as it stands; empty before it has been let in. */
  Optional<ModuleStatus> status() {
    Entered who = entered;
    if (who == null) {
      return Optional.empty();
    }
    ProcessFacts facts = caller.isNetwork() ? ProcessFacts.NONE : ProcessFacts.of(who.processId);
    return Optional.of(
        new ModuleStatus(
            who.instance,
            KIND,
            parting == null ? ModuleStatus.State.RUNNING : ModuleStatus.State.STOPPED,
            parting == null ? "" : parting.reason() + "; its streams are being closed",
            "",
            who.guest.name(),
            who.processId,
            facts.memoryBytes(),
            facts.busyNanos(),
            link.traffic().received.get(),
            0,
            0));
  }

  /** What went to and fro; empty before it has been let in. */
  Optional<ModuleTraffic> traffic() {
    Entered who = entered;
    LinkTraffic traffic = link.traffic();
    return who == null
        ? Optional.empty()
        : Optional.of(
            new ModuleTraffic(
                who.instance,
                KIND,
                who.program,
                who.since,
                traffic.received.get(),
                traffic.receivedBytes.get(),
                traffic.sent.get(),
                traffic.sentBytes.get(),
                traffic.lost.get()));
  }

  // --- the end

  Parting wished() {
    return wished;
  }

  /** Closes what the module had open, and waits for that. */
  void part(Parting parting) {
    this.parting = parting;
    hub.parts(this, parting);
    if (session == null) {
      return;
    }
    long flushMs = parting.isOrderly() ? hub.leaveMs() : settings.flushTimeoutMs();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(flushMs + END_GRACE_MS);
    while (!session.isEmpty() && System.nanoTime() - end < 0) {
      session.closeAll(flushMs);
      session.retry(System.nanoTime());
      link.runTasks(END_STEP_MS);
    }
    session.giveUpAll();
    session.tell(true);
    session.client().close();
  }

  /** All is closed. */
  void left() {
    hub.left(this, instance());
  }

  void fault(Throwable fault) {
    hub.fault(this, fault);
  }

  void tooLong(ModuleStream stream, int bytes) {
    hub.tooLong(this, stream, bytes);
  }

  @Override
  public String toString() {
    Entered who = entered;
    return who == null
        ? caller.address()
        : "instance '%s' (%s, process %d, user %s)"
            .formatted(who.instance, who.program, who.processId, who.guest.name());
  }
}
