/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * When subscriptions that a device has ended are asked for again: soon, and later each time unless
 * one has lasted. By the tasks' thread.
 */
final class Renewals {
  private static final long FIRST_MS = 200;
  private static final long LONGEST_MS = 30_000;
  private static final long LASTING_NANOS = TimeUnit.MILLISECONDS.toNanos(2 * LONGEST_MS);

  /** The end of a subscription. */
  record End(long atNanos, long pauseMs) {}

  private final Map<String, End> ends = new HashMap<>();
  private final Set<String> waiting = new HashSet<>();

  /** Notes that a device has ended a subscription; that waits from now on. */
  End ended(String wireId) {
    long now = System.nanoTime();
    End before = ends.get(wireId);
    boolean isAgain = before != null && now - before.atNanos() < LASTING_NANOS;
    long pauseMs = isAgain ? Math.min(2 * before.pauseMs(), LONGEST_MS) : FIRST_MS;
    End end = new End(now, pauseMs);
    ends.put(wireId, end);
    waiting.add(wireId);
    return end;
  }

  /** Whether a subscription is to be asked for later. */
  boolean isWaiting(String wireId) {
    return waiting.contains(wireId);
  }

  /** It has waited for that end; false when it does not any more. */
  boolean isDue(String wireId, End end) {
    return end.equals(ends.get(wireId)) && waiting.remove(wireId);
  }

  /** It waits for something else. */
  void forget(String wireId) {
    ends.remove(wireId);
    waiting.remove(wireId);
  }

  void clear() {
    ends.clear();
    waiting.clear();
  }
}
