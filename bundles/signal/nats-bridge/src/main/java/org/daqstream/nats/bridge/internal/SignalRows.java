/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.daqstream.nats.bridge.internal.BlockMessage.Block;

/**
 * Puts what comes of a signal, live and from the stream, into the order of its rows: nothing twice,
 * and what is missing told. Where the stream may have what is missing, blocks behind it wait until
 * it was read, or patience ends.
 *
 * <p>Lives of the table at the source (epochs) follow one another: before a new one begins the old
 * one is read to its end. Under the lock of the import.
 */
final class SignalRows {
  static final String NO_DESCRIPTION = "its description did not come";
  static final String LOST_DESCRIPTION = "its description was replaced before it was read";
  static final String NO_ROOM = "more than holdBytes had to wait";
  static final String LOST = "lost on the way";
  static final String NOT_KEPT = "lost on the way, and not in the stream";

  /** How long a kept sample may be ahead of the blocks before it. */
  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final RowTaker taker;
  private final HoldBudget budget;
  private final LongSupplier nanoTime;
  private final Patience patience;
  private final LaterEpochs later = new LaterEpochs();
  private EpochRows now; // null until something came
  private boolean isMissing; // as the last look at what waits has found
  private boolean isMetByReader;
  private boolean wantsHistory;
  private boolean isPaused; // it has ended where it could go on
  private boolean wantsToCatchUp;

  /**
   * Of a signal of which nothing has come.
   *
   * @param canRead whether there is a stream in which to look for what is missing
   * @param fillNanos how long it is waited for that
   */
  SignalRows(
      RowTaker taker,
      HoldBudget budget,
      LongSupplier nanoTime,
      long fillNanos,
      BooleanSupplier canRead) {
    this.taker = taker;
    this.budget = budget;
    this.nanoTime = nanoTime;
    patience = new Patience(nanoTime, fillNanos, canRead);
  }

  /**
   * The signal is wanted from now on.
   *
   * @param withHistory whether the stream is read first
   * @param isGoingOn whether it goes on where it ended, if anything was taken: what comes behind is
   *     missed
   */
  void begin(boolean withHistory, boolean isGoingOn) {
    if (isGoingOn && isPaused && now != null) {
      isPaused = false;
      now.isOpen = false;
      catchUp();
      return;
    }
    end();
    isPaused = false;
    wantsHistory = withHistory && patience.canRead();
    if (now != null) {
      now.isSoft = wantsHistory;
    }
    isMissing = wantsHistory;
  }

  /** The signal is not wanted any more; what waits is forgotten. */
  void end() {
    long time = nanoTime.getAsLong();
    later.clear(time);
    if (now != null) {
      isPaused = !now.isOpen;
      now.reopen(time);
    }
    isMissing = false;
    patience.setReading(false);
    wantsHistory = false;
    wantsToCatchUp = false;
  }

  /** Messages were perhaps missed behind which none has come: what the stream has is read. */
  void catchUp() {
    wantsToCatchUp = now != null && !now.isOpen && patience.canRead();
    isMissing |= wantsToCatchUp;
  }

  /** A message came as it was published. */
  void live(BlockMessage message) {
    if (message.blocks().isEmpty()) {
      ends(message.epoch(), message.endRow());
      return;
    }
    EpochRows to = rowsOf(message.epoch(), true);
    for (Block each : message.blocks()) {
      put(to, HeldBlock.of(message, each, true, nanoTime.getAsLong()));
    }
    look();
  }

  /** All blocks in front of a row were sent: what has not come of them is missing. */
  private void ends(long epoch, long endRow) {
    if (now == null || now.epoch != epoch || !later.isEmpty() || !now.isShortOf(endRow)) {
      return;
    }
    if (patience.canRead()) {
      catchUp();
    } else {
      taker.hole(epoch, now.endRow, endRow, null, LOST);
      now.endRow = endRow;
    }
  }

  /** The reader begins; since when patience counts. */
  void readBegins() {
    patience.setReading(true);
    isMetByReader = now == null;
  }

  /** The reader could not go on, or need not. */
  void readEnds() {
    patience.setReading(false);
  }

  /**
   * A message was read from the stream.
   *
   * @param isLast whether the stream holds none behind it now
   */
  void read(BlockMessage message, boolean isLast) {
    isMetByReader |= now == null || now.epoch == message.epoch();
    EpochRows to = rowsOf(message.epoch(), false);
    for (Block each : message.blocks()) {
      HeldBlock block = HeldBlock.of(message, each, false, nanoTime.getAsLong());
      if (to != null && to.isNew(block)) {
        patience.renew();
      }
      put(to, block);
      if (to != null) {
        to.isMet = true;
        to.isSoft &= !to.isReachedBy(block);
      }
    }
    if (isLast) {
      readToTheEnd();
    } else {
      look();
    }
  }

  /** The stream holds no more of the signal now. */
  void readToTheEnd() {
    wantsHistory = false;
    wantsToCatchUp = false;
    if (now != null) {
      now.isSoft = false;
    }
    later.setMet();
    look();
    if (now != null && now.isSoft) {
      now.isSoft = false;
      look();
    }
  }

  /** Whether somebody should read the stream. */
  boolean wantsReading() {
    return isMissing && patience.canRead();
  }

  /** Whether it should be read from some time ago; else from {@link #anchor}. */
  boolean wantsHistory() {
    return wantsHistory;
  }

  /** Number of a message in the stream before all that may be missing; 0 when none is known. */
  long anchor() {
    return now == null ? 0 : now.anchor;
  }

  /** Whether blocks wait. */
  boolean isHolding() {
    return !later.isEmpty() || (now != null && (!now.isEmpty() || now.isMissingDropped()));
  }

  /** Where blocks of an epoch go; {@code null} for one that is over, or from before all here. */
  private EpochRows rowsOf(long epoch, boolean isLive) {
    if (now != null && now.epoch == epoch) {
      return now;
    }
    EpochRows known = later.find(epoch);
    boolean isRefused = later.isPast(epoch) || (later.isFull() && !taker.isDescribed(epoch));
    if (known != null || isRefused || (!isLive && !isMetByReader)) {
      return known;
    }
    EpochRows rows = new EpochRows(epoch, budget, nanoTime.getAsLong());
    if (now == null && !wantsHistory) {
      now = rows;
    } else if (isLive) {
      later.addLive(rows);
    } else {
      later.addRead(rows);
    }
    return rows;
  }

  private void put(EpochRows to, HeldBlock block) {
    if (to != null && isDamaged(to, block)) {
      return; // it may say any rows: those that are missing are known by the next one
    }
    if (to == null || !to.isNew(block) || (block.isKept() && !isKeptOfUse(to, block))) {
      taker.duplicate(block);
      return;
    }
    if (to.equals(now) && now.isEmpty() && canTake(block)) {
      take(block);
    } else {
      to.hold(block, nanoTime.getAsLong());
    }
  }

  private boolean isDamaged(EpochRows in, HeldBlock block) {
    return taker.knows(in.epoch, block.description()) == RowTaker.Knowledge.KNOWN
        && !taker.fits(in.epoch, block);
  }

  /** At the beginning it stands alone, later for rows that may still be on their way, or lost. */
  private boolean isKeptOfUse(EpochRows to, HeldBlock block) {
    return to.isOpen ? to.isEmpty() && !to.isMissingDropped() : block.isLive();
  }

  /** Takes what can be taken, and gives up what was waited for long enough. */
  void look() {
    isMissing = wantsHistory || wantsToCatchUp;
    while (true) {
      if (now != null && !isAllTaken()) {
        return;
      }
      EpochRows next = later.first();
      if (next == null) {
        return;
      }
      boolean mayBegin = next.isMet || !patience.lasts(next.sinceNanos);
      isMissing |= !mayBegin;
      if (!mayBegin) {
        return;
      }
      long time = nanoTime.getAsLong();
      if (later.mayEnter(next, taker, time)) {
        enter();
      } else if (!later.isLeftOut(next, taker, time)) {
        return;
      }
    }
  }

  /** Takes nothing of an epoch from now on. */
  void refuse(long epoch) {
    long time = nanoTime.getAsLong();
    later.refuse(epoch, time);
    if (now != null && now.epoch == epoch) {
      now.reopen(time);
      now = null;
      look();
    }
  }

  /** Takes an epoch again. */
  void allow(long epoch) {
    later.allow(epoch);
  }

  private void enter() {
    EpochRows next = later.enter(now);
    boolean isReached = next.first() != null && next.first().isLive();
    next.isSoft = patience.canRead() && patience.isReading() && next.isMet && !isReached;
    now = next;
    wantsHistory = false;
  }

  private boolean isAllTaken() {
    for (HeldBlock first = now.first(); first != null; first = now.first()) {
      if (isDamaged(now, first)) { // which was not known when it came
        now.removeFirst();
      } else if (first.endRow() <= now.endRow) {
        now.removeFirst();
        taker.duplicate(first);
      } else if (canTake(first)) {
        now.removeFirst();
        take(first);
      } else if (!giveUp(first)) {
        return false;
      }
    }
    if (!now.isMissingDropped()) {
      now.isSoft &= patience.lasts(now.sinceNanos);
      isMissing |= now.isSoft;
      return true;
    }
    if (patience.lasts(now.droppedNanos())) {
      isMissing = true;
      return false;
    }
    taker.hole(now.epoch, now.droppedFrom(), now.droppedTo(), null, NO_ROOM);
    now.endRow = now.droppedTo();
    return true;
  }

  private boolean isGapBefore(HeldBlock block) {
    return !now.isOpen && block.startRow() > now.endRow;
  }

  private boolean waitsSoftly(HeldBlock block) {
    return now.isSoft && block.isLive();
  }

  private boolean canTake(HeldBlock block) {
    return block.endRow() > now.endRow
        && !isGapBefore(block)
        && !waitsSoftly(block)
        && taker.knows(now.epoch, block.description()) == RowTaker.Knowledge.KNOWN;
  }

  private void take(HeldBlock block) {
    int from = (int) Math.max(0, now.endRow - block.block().row());
    now.endRow = block.endRow();
    now.anchor = block.anchor() > 0 ? block.anchor() : now.anchor;
    now.isOpen &= block.isKept();
    taker.take(now.epoch, block, from);
  }

  /** Decides on a block that cannot be taken as things are; whether something was given up. */
  private boolean giveUp(HeldBlock first) {
    if (waitsSoftly(first)) {
      if (patience.lasts(now.sinceNanos)) {
        isMissing = true;
        return false;
      }
      now.isSoft = false;
      return true;
    }
    if (isGapBefore(first)) {
      return giveUpGap(first);
    }
    RowTaker.Knowledge knowledge = taker.knows(now.epoch, first.description());
    boolean mayCome = nanoTime.getAsLong() - first.sinceNanos() <= first.descriptionNanos();
    if (knowledge == RowTaker.Knowledge.AWAITED && mayCome) {
      return false;
    }
    leaveOut(first, knowledge == RowTaker.Knowledge.LOST ? LOST_DESCRIPTION : NO_DESCRIPTION);
    return true;
  }

  private void leaveOut(HeldBlock first, String why) {
    taker.notDescribed(now.epoch);
    long from = Math.max(now.endRow, first.block().row());
    now.removeFirst();
    now.endRow = first.endRow();
    if (now.isOpen && (first.isKept() || !first.isLive())) {
      taker.duplicate(first); // of the time before anybody wanted it
      return;
    }
    now.isOpen = false;
    taker.hole(now.epoch, from, first.endRow(), first, why);
  }

  private boolean giveUpGap(HeldBlock first) {
    boolean isReadable = patience.canRead();
    if (isReadable && !patience.isOver(first.sinceNanos())) {
      isMissing = true;
      return false;
    }
    if (first.isKept() && nanoTime.getAsLong() - first.sinceNanos() <= KEPT_NANOS) {
      return false;
    }
    String why = now.isMissingDropped() ? NO_ROOM : isReadable ? NOT_KEPT : LOST;
    taker.hole(now.epoch, now.endRow, first.startRow(), first, why);
    now.endRow = first.startRow();
    return true;
  }
}
