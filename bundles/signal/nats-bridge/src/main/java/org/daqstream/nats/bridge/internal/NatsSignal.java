/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.daqstream.nats.bridge.internal.BlockMessage.Block;
import org.daqstream.nats.bridge.internal.ImportStatus.SignalStatus;
import org.daqstream.nats.bridge.internal.ImportStatus.State;

/**
 * A signal that a publisher announces: its port here, and what comes of it while somebody wants it.
 * Under the lock of the import.
 */
final class NatsSignal implements RowTaker {
  /** How soon who had it when its publisher was lost comes back to it. */
  private static final long BACK_NANOS = 5_000_000_000L;

  /** How long blocks may still come that an older description holds for. */
  private static final long QUIET_NANOS = 2_000_000_000L;

  final String key;
  final String signalId;
  private final NatsSignals all;
  private final SignalRows rows;
  private final KnownDescriptions descriptions = new KnownDescriptions();
  private final Rival rival;
  private final TakenTraffic traffic;
  private final AtomicBoolean isDemandQueued = new AtomicBoolean();
  private SignalAnnouncement applied; // null while it is not published
  private final ImportedPort port = new ImportedPort(this, this::demandChanged);
  private Runnable unsubscribe; // null while nobody wants it
  private String problem = "";
  private long announcedNanos;
  private long publishedNanos;
  private boolean isGoingOn; // somebody wanted it when its publisher was lost
  private boolean isReadAsked;
  private boolean isRivalsWord; // what the bucket holds

  NatsSignal(NatsSignals all, String key, String signalId) {
    this.all = all;
    this.key = key;
    this.signalId = signalId;
    traffic = all.newTraffic();
    rows = all.newRows(this);
    rival = all.newRival();
  }

  ImportedPort port() {
    return port;
  }

  SignalRows rows() {
    return rows;
  }

  String problem() {
    return problem;
  }

  void setProblem(String why) {
    problem = why;
  }

  SignalAnnouncement announced() {
    return descriptions.latest();
  }

  long announcedNanos() {
    return announcedNanos;
  }

  /** A publisher describes it. */
  void announce(SignalAnnouncement announced) {
    announcedNanos = all.nanoTime();
    boolean isRival = rival.isOne(announced, descriptions.latest());
    isRivalsWord = isRival;
    if (isRival) {
      if (rival.set(announced, announcedNanos)) {
        all.ask(descriptions.latest().publisher(), announced.publisher());
      }
      return;
    }
    SignalAnnouncement before = descriptions.latest();
    if (descriptions.add(announced) && applied != null && !mayBlocksCome()) {
      apply(announced);
    }
    if (isSubscribed() && before.epoch() != announced.epoch()) {
      all.wantsAgain(); // its publisher may have begun anew
    }
    if (rows.isHolding()) {
      look();
    }
  }

  /** Looks whether another publisher takes the place of its own. */
  void lookAtRival() {
    switch (rival.judge(descriptions.latest())) {
      case TAKE -> takeRival();
      case REFUSE -> {
        rows.refuse(rival.announced().epoch());
        all.refused(this, rival.announced());
      }
      case WAIT -> {}
    }
  }

  /** The bucket holds nothing of it any more; whether there is a publisher all the same. */
  boolean isLeft() {
    if (isRivalsWord) {
      isRivalsWord = false;
      rows.refuse(rival.take().epoch());
      return true;
    }
    return takeRival();
  }

  /** Its publisher is gone; whether another one has taken its place. */
  private boolean takeRival() {
    if (rival.announced() == null) {
      return false;
    }
    isRivalsWord = false;
    SignalAnnouncement next = rival.take();
    rows.allow(next.epoch());
    if (descriptions.add(next) && applied != null) {
      apply(next);
    }
    look();
    all.wantsAgain();
    return true;
  }

  /** Whether blocks may be on their way that belong to the description that holds. */
  private boolean mayBlocksCome() {
    return unsubscribe != null
        && (rows.isHolding() || all.nanoTime() - announcedNanos <= QUIET_NANOS);
  }

  /** Takes the last description if no block brings it. */
  void applyLate() {
    SignalAnnouncement latest = descriptions.latest();
    if (applied != null && !latest.equals(applied) && !mayBlocksCome()) {
      apply(latest);
    }
  }

  private void apply(SignalAnnouncement announced) {
    all.publish(this, announced);
  }

  /** Whether a description is older than the one that holds. */
  boolean isGoingBack(SignalAnnouncement announced) {
    return applied != null
        && (applied.epoch() == announced.epoch()
            ? announced.number() < applied.number()
            : !announced.equals(descriptions.latest()));
  }

  /** It is published by this description. */
  void published(SignalAnnouncement announced) {
    if (applied == null) {
      publishedNanos = all.nanoTime();
    }
    applied = announced;
    problem = "";
  }

  /** It is not published any more. */
  void withdrawn() {
    applied = null;
    unsubscribe();
    isGoingOn = false;
  }

  /** It was withdrawn as its publisher is silent: who wanted it goes on where it was, perhaps. */
  void setGoingOn(boolean wasWanted) {
    isGoingOn = wasWanted;
  }

  boolean isPublished() {
    return port.isOpen();
  }

  boolean isSubscribed() {
    return unsubscribe != null;
  }

  /** Subscribes to what somebody wants, unsubscribes from what nobody does; whether it changed. */
  boolean adjust() {
    boolean isWanted = port.isWanted();
    if (isWanted == isSubscribed()) {
      return false;
    }
    if (isWanted) {
      rows.begin(all.hasHistory(), isGoingOn && all.nanoTime() - publishedNanos <= BACK_NANOS);
      isGoingOn = false;
      subscribe();
      askForReading();
    } else {
      unsubscribe();
      if (traffic.blocks > 0) {
        port.forgetLast();
      }
    }
    return true;
  }

  /** A stream was found only now. */
  void beginWithHistory() {
    if (isSubscribed() && traffic.blocks == 0) {
      rows.begin(all.hasHistory(), false);
      askForReading();
    }
  }

  /** Subscribes, at a new connection again. */
  void subscribe() {
    Runnable before = unsubscribe;
    unsubscribe = all.subscribe(this);
    if (before != null) {
      before.run();
    }
  }

  private void unsubscribe() {
    if (unsubscribe != null) {
      unsubscribe.run();
      unsubscribe = null;
      rows.end();
    }
  }

  /** On a thread that must not wait. */
  private void demandChanged() {
    if (isDemandQueued.compareAndSet(false, true)) {
      all.demandChanged(this);
    }
  }

  /** What changes from now on is told again. */
  void demandTaken() {
    isDemandQueued.set(false);
  }

  /** A message came as it was published. */
  void live(BlockMessage message, int lengthBytes) {
    traffic.came(lengthBytes);
    if (!port.isOpen() || unsubscribe == null) {
      return; // one that was on its way
    }
    rows.live(message);
    if (rows.isHolding()) {
      all.holds(this);
    }
    askForReading();
  }

  /** A message was read from the stream, as in {@link SignalRows#read}. */
  void read(BlockMessage message, int lengthBytes, boolean isLast) {
    traffic.came(lengthBytes);
    rows.read(message, isLast);
  }

  /** Has the stream read if that may help. */
  void askForReading() {
    if (!isReadAsked && rows.wantsReading()) {
      isReadAsked = true;
      all.read(this);
    }
  }

  /** Gives up what was waited for long enough, or has it looked for. */
  void look() {
    rows.look();
    askForReading();
  }

  /** There is a connection again, by which what is missing can be read. */
  void resume() {
    rows.readEnds();
    catchUp();
  }

  /** Messages were perhaps missed. */
  void catchUp() {
    if (isSubscribed()) {
      rows.catchUp();
      askForReading();
    }
  }

  /** The reader is through, or could not go on. */
  void readEnds() {
    isReadAsked = false;
    rows.readEnds();
  }

  @Override
  public Knowledge knows(long epoch, int description) {
    return descriptions.knows(epoch, description);
  }

  @Override
  public boolean isDescribed(long epoch) {
    return descriptions.isDescribed(epoch);
  }

  @Override
  public boolean fits(long epoch, HeldBlock held) {
    String why = descriptions.get(epoch, held.description()).misfit(held.block());
    if (!why.isEmpty()) {
      all.bad(this, why);
    }
    return why.isEmpty();
  }

  @Override
  public void notDescribed(long epoch) {
    descriptions.giveUp(epoch);
  }

  @Override
  public void take(long epoch, HeldBlock held, int from) {
    SignalAnnouncement announced = descriptions.get(epoch, held.description());
    Block block = held.block();
    try {
      if (!announced.equals(applied)) {
        apply(announced);
      }
      if (port.isOpen()) {
        port.write(announced, block, from);
        traffic.taken(announced, held, from, all.nanoTime());
        return;
      }
    } catch (IllegalArgumentException
        | IllegalStateException
        | IndexOutOfBoundsException
        | ArithmeticException e) {
      hole(epoch, block.row() + from, block.endRow(), held, "refused: " + e.getMessage());
      return;
    }
    hole(epoch, block.row() + from, block.endRow(), held, "not published: " + problem);
  }

  @Override
  public void hole(long epoch, long fromRow, long toRow, HeldBlock next, String why) {
    traffic.holes++;
    traffic.holeRows += toRow - fromRow;
    SignalAnnouncement known = next == null ? null : descriptions.get(epoch, next.description());
    String time = known == null ? "" : known.timeOf(next.block(), toRow);
    all.tell(new Hole(signalId, epoch, fromRow, toRow, time, Instant.now(), why));
  }

  @Override
  public void duplicate(HeldBlock block) {
    traffic.duplicates++;
  }

  SignalStatus status() {
    SignalAnnouncement latest = descriptions.latest();
    return new SignalStatus(
        signalId,
        latest.publisher(),
        latest.path(),
        state(),
        problem,
        traffic.blocks,
        traffic.samples,
        traffic.bytes,
        traffic.holes,
        traffic.holeRows,
        traffic.filledRows,
        traffic.duplicates,
        traffic.ageMs(all.nanoTime()),
        traffic.behindMs(Instant.now()));
  }

  private State state() {
    if (!port.isOpen()) {
      return problem.isEmpty() ? State.SILENT : State.REFUSED;
    }
    if (unsubscribe == null) {
      return State.UNWANTED;
    }
    return rows.isHolding() || rows.wantsReading() ? State.FILLING : State.LIVE;
  }
}
