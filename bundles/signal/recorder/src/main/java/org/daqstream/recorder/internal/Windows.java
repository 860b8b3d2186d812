/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The times that are recorded because of a trigger, in nanoseconds; those that meet are one. */
final class Windows {
  /** From when to when is recorded; the end is not known as long as it lasts. */
  static final class Window {
    final long trigger; // when it happened first
    final long start;
    long end;
    long pastSince; // by the loop's clock, from when on nothing can add to it; 0: not yet

    Window(long trigger, long start, long end) {
      this.trigger = trigger;
      this.start = start;
      this.end = end;
    }

    boolean isOver() {
      return end != Long.MAX_VALUE;
    }

    /** Whether nothing that triggers from now on can add to it. */
    boolean isPast(Windows windows, long now) {
      boolean isPast = windows.decided() > end;
      if (isPast && pastSince == 0) {
        pastSince = now;
      }
      return isPast;
    }
  }

  /** So many that are over are known, for what comes later still. */
  private static final int GONE = 100;

  private final long preNanos;
  private final long postNanos;
  private final long holdOffNanos;
  private final Deque<Window> all = new ArrayDeque<>();
  private final Deque<Window> gone = new ArrayDeque<>();
  private long frontier = Long.MIN_VALUE;
  private long heldUntil = Long.MIN_VALUE;

  Windows(long preNanos, long postNanos, long holdOffNanos) {
    this.preNanos = preNanos;
    this.postNanos = postNanos;
    this.holdOffNanos = holdOffNanos;
  }

  /** Whether something may be recorded that has not come yet. */
  boolean isActive() {
    return !all.isEmpty() && all.peekLast().pastSince == 0;
  }

  /** Whether the newest one lasts, as far as is known. */
  boolean isLasting() {
    return !all.isEmpty() && !all.peekLast().isOver();
  }

  /** Those that have something of a span, also when they are over. */
  List<Window> overlapping(long from, long to) {
    Window newest = all.isEmpty() ? gone.peekLast() : all.peekLast();
    if (newest == null || newest.end < from) {
      return List.of(); // as mostly
    }
    return Stream.concat(gone.stream(), all.stream())
        .filter(each -> each.start <= to && each.end >= from)
        .toList();
  }

  /** The newest one, {@code null} for none. */
  Window last() {
    return all.peekLast();
  }

  /** Until when the trigger was looked at. */
  long frontier() {
    return frontier;
  }

  void advance(long time) {
    frontier = Math.max(frontier, time);
  }

  /** Until when it is decided what is recorded. */
  long decided() {
    return frontier == Long.MIN_VALUE ? frontier : frontier - preNanos;
  }

  /** Something lasts from now on; whether that is a new window. */
  boolean open(long at) {
    return open(at, Long.MAX_VALUE);
  }

  /** Something happens that does not last; whether that is a new window. */
  boolean openAround(long at) {
    return open(at, at + postNanos);
  }

  private boolean open(long at, long end) {
    if (at < heldUntil) {
      return false;
    }
    heldUntil = at + holdOffNanos;
    long start = at - preNanos;
    Window last = last();
    if (last != null && start <= last.end) {
      last.end = Math.max(last.end, end);
      last.pastSince = 0;
      return false;
    }
    all.addLast(new Window(at, start, end));
    return true;
  }

  /** What lasted is over. */
  void cease(long at) {
    Window last = last();
    if (last != null && !last.isOver()) {
      last.end = at + postNanos;
    }
  }

  /** The first window that is not over before a time, {@code null} for none. */
  Window of(long time) {
    for (Window each : all) {
      if (each.end >= time) {
        return each;
      }
    }
    return null;
  }

  /** Forgets the first ones that are over and that nobody needs. */
  void forgetPast(Predicate<Window> isFree, long now) {
    while (!all.isEmpty() && all.peekFirst().isPast(this, now) && isFree.test(all.peekFirst())) {
      gone.addLast(all.removeFirst());
    }
    while (gone.size() > GONE) {
      gone.removeFirst();
    }
  }

  void clear() {
    all.clear();
    gone.clear();
    frontier = Long.MIN_VALUE;
    heldUntil = Long.MIN_VALUE;
  }
}
