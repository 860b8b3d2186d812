/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Lives of a signal's table that follow the present one, in their order, and those that are over.
 * Under the lock of the import.
 */
final class LaterEpochs {
  private static final int PAST = 64;

  /** So many at most that nobody describes: they may be anything. */
  private static final int UNKNOWN = 16;

  private final Deque<EpochRows> later = new ArrayDeque<>();
  private final Set<Long> past = new LinkedHashSet<>();

  boolean isEmpty() {
    return later.isEmpty();
  }

  /** The next one; {@code null} when there is none. */
  EpochRows first() {
    return later.peekFirst();
  }

  /** One that is there; {@code null} when it is not. */
  EpochRows find(long epoch) {
    for (EpochRows each : later) {
      if (each.epoch == epoch) {
        return each;
      }
    }
    return null;
  }

  /** Whether there are so many that only described ones may come. */
  boolean isFull() {
    return later.size() >= UNKNOWN;
  }

  /** Whether the next one is described, so that it can begin. */
  boolean mayEnter(EpochRows next, RowTaker taker, long nowNanos) {
    HeldBlock first = next.first();
    return taker.isDescribed(next.epoch)
        && (first == null
            || taker.knows(next.epoch, first.description()) != RowTaker.Knowledge.AWAITED
            || isLongAgo(next, nowNanos));
  }

  /** Whether the next one was given up: what nobody describes is perhaps not of this signal. */
  boolean isLeftOut(EpochRows next, RowTaker taker, long nowNanos) {
    boolean isLeftOut = isLongAgo(next, nowNanos);
    if (isLeftOut) {
      later.remove(next);
      next.leaveOut(taker);
    }
    return isLeftOut;
  }

  private static boolean isLongAgo(EpochRows next, long nowNanos) {
    HeldBlock first = next.first();
    return nowNanos - next.sinceNanos
        > (first == null ? HeldBlock.DESCRIPTION_NANOS : first.descriptionNanos());
  }

  /** Takes the next one, which is the present one now; the one before, if any, is over. */
  EpochRows enter(EpochRows before) {
    if (before != null) {
      leave(before.epoch);
    }
    return later.removeFirst();
  }

  /** One came live: it is the last. */
  void addLive(EpochRows rows) {
    later.addLast(rows);
  }

  /** What only the stream knows came before what has come live and was not read yet. */
  void addRead(EpochRows rows) {
    Deque<EpochRows> behind = new ArrayDeque<>();
    while (!later.isEmpty() && !later.peekLast().isMet) {
      behind.addFirst(later.pollLast());
    }
    later.addLast(rows);
    later.addAll(behind);
  }

  /** The stream has been read up to where these are. */
  void setMet() {
    later.forEach(each -> each.isMet = true);
  }

  boolean isPast(long epoch) {
    return past.contains(epoch);
  }

  /** It may come again. */
  void allow(long epoch) {
    past.remove(epoch);
  }

  /** It is over, whatever there is of it. */
  void refuse(long epoch, long nowNanos) {
    leave(epoch);
    EpochRows rows = find(epoch);
    if (rows != null) {
      rows.reopen(nowNanos);
      later.remove(rows);
    }
  }

  private void leave(long epoch) {
    past.add(epoch);
    if (past.size() > PAST) {
      past.remove(past.iterator().next());
    }
  }

  /** Forgets what waits. */
  void clear(long nowNanos) {
    later.forEach(each -> each.reopen(nowNanos));
    later.clear();
  }
}
