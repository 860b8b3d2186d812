/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.Map;
import java.util.TreeMap;

/**
 * The rows of a signal in one life of its table: up to which they were taken, and blocks behind
 * that wait. Under the lock of the import.
 */
final class EpochRows {
  final long epoch;

  /** Row behind the last one that was taken, or given up. */
  long endRow;

  /** Anchor of the last block that was taken. */
  long anchor;

  /** Whether nothing was taken yet, so that what lies before the first block is not missed. */
  boolean isOpen = true;

  /** Whether live blocks wait until the stream has been read up to them. */
  boolean isSoft;

  /** Whether a block of it was read from the stream. */
  boolean isMet;

  /** Since when it is waited for, by {@link System#nanoTime}. */
  long sinceNanos;

  private final HoldBudget budget;
  private final TreeMap<Long, HeldBlock> held = new TreeMap<>();
  private long liveRow = -1; // the first that waits
  private long droppedFrom = -1; // rows that came and for which there was no room
  private long droppedTo = -1;
  private long droppedNanos;

  EpochRows(long epoch, HoldBudget budget, long nowNanos) {
    this.epoch = epoch;
    this.budget = budget;
    sinceNanos = nowNanos;
  }

  boolean isEmpty() {
    return held.isEmpty();
  }

  HeldBlock first() {
    return held.isEmpty() ? null : held.firstEntry().getValue();
  }

  void removeFirst() {
    budget.remove(held.pollFirstEntry().getValue());
  }

  /** Whether rows in front of one have not come, and nothing that waits tells that. */
  boolean isShortOf(long row) {
    return !isOpen && held.isEmpty() && !isMissingDropped() && row > endRow;
  }

  /** Whether a block brings rows that are not there already. */
  boolean isNew(HeldBlock block) {
    Map.Entry<Long, HeldBlock> before = held.floorEntry(block.block().row());
    return block.endRow() > endRow
        && (before == null || before.getValue().endRow() < block.endRow());
  }

  /**
   * Has a block wait; where there is no room the last ones are left out, and what they were is
   * remembered. Whether there was room for all.
   */
  boolean hold(HeldBlock block, long nowNanos) {
    if (block.isLive() && liveRow < 0) {
      liveRow = block.block().row();
    }
    HeldBlock before = held.put(block.block().row(), block);
    if (before != null) {
      budget.remove(before);
    }
    budget.add(block);
    boolean hasRoom = true;
    while (budget.isOver() && !held.isEmpty()) {
      drop(held.pollLastEntry().getValue(), nowNanos);
      hasRoom = false;
    }
    return hasRoom;
  }

  private void drop(HeldBlock last, long nowNanos) {
    budget.remove(last);
    if (droppedTo < endRow || droppedTo < 0) {
      droppedFrom = last.startRow();
      droppedNanos = nowNanos;
    }
    droppedFrom = Math.min(droppedFrom, last.startRow());
    droppedTo = Math.max(droppedTo, last.endRow());
  }

  /** Whether rows came behind the end for which there was no room. */
  boolean isMissingDropped() {
    return droppedTo > endRow;
  }

  long droppedFrom() {
    return isOpen ? Math.max(endRow, droppedFrom) : endRow;
  }

  long droppedTo() {
    return droppedTo;
  }

  long droppedNanos() {
    return droppedNanos;
  }

  /** Whether what was read from the stream has come up to the first live block that waits. */
  boolean isReachedBy(HeldBlock read) {
    return liveRow >= 0 && read.block().row() >= liveRow;
  }

  /** Gives up what waits of a life that is not entered. */
  void leaveOut(RowTaker taker) {
    for (HeldBlock first = first(); first != null; first = first()) {
      removeFirst();
      if (first.isLive() && !first.isKept()) {
        long from = Math.max(endRow, first.block().row());
        taker.hole(epoch, from, first.endRow(), null, SignalRows.NO_DESCRIPTION);
        endRow = first.endRow();
      } else {
        taker.duplicate(first);
      }
    }
    if (isMissingDropped()) {
      taker.hole(epoch, droppedFrom(), droppedTo, null, SignalRows.NO_ROOM);
    }
  }

  /** Forgets what waits; what comes next takes up anywhere. */
  void reopen(long nowNanos) {
    while (!held.isEmpty()) {
      removeFirst();
    }
    isOpen = true;
    isSoft = false;
    isMet = false;
    liveRow = -1;
    droppedTo = -1;
    sinceNanos = nowNanos;
  }
}
