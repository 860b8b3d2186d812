/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Whether a device is connected, and what it offers. For any thread. */
final class DeviceState {
  private static final long IDS_LIMIT_CHARS = 64L << 20;

  private final int signalsLimit;
  private final Object lock = new Object();
  private final Set<String> signalIds = new LinkedHashSet<>(); // under the lock
  private long signalIdChars; // under the lock
  private boolean isGreeted; // under the lock
  private boolean isListed; // under the lock
  private String failure = "not connected yet"; // under the lock

  /** Not connected; lists so many signals at most. */
  DeviceState(int signalsLimit) {
    this.signalsLimit = signalsLimit;
  }

  /** Signals that the device offers, in its order. */
  List<String> signalIds() {
    synchronized (lock) {
      return new ArrayList<>(signalIds);
    }
  }

  boolean isGreeted() {
    synchronized (lock) {
      return isGreeted;
    }
  }

  /** Why there is no connection; empty when there is one. */
  String failure() {
    synchronized (lock) {
      return isGreeted ? "" : failure;
    }
  }

  /**
   * Waits until the device has greeted, or has listed its signals; whether it has.
   *
   * @param isHopeless whether nobody tries any more; looked at when {@link #wake} is called
   */
  boolean await(boolean listed, long timeoutMs, BooleanSupplier isHopeless)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    synchronized (lock) {
      while (listed ? !isListed : !isGreeted) {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (leftMs <= 0 || isHopeless.getAsBoolean()) {
          return false;
        }
        lock.wait(leftMs);
      }
      return true;
    }
  }

  /** Has those who wait look again. */
  void wake() {
    synchronized (lock) {
      lock.notifyAll();
    }
  }

  void greeted() {
    synchronized (lock) {
      isGreeted = true;
      lock.notifyAll();
    }
  }

  /** The connection is gone; whether the device had greeted. */
  boolean ended(String why) {
    synchronized (lock) {
      boolean wasGreeted = isGreeted;
      isGreeted = false;
      isListed = false;
      failure = why;
      signalIds.clear();
      signalIdChars = 0;
      return wasGreeted;
    }
  }

  /** Adds signals that are offered; gives those that are new. */
  List<String> available(List<String> ids) {
    List<String> added = new ArrayList<>();
    synchronized (lock) {
      for (String each : ids) {
        boolean fits =
            signalIds.size() < signalsLimit && signalIdChars + each.length() <= IDS_LIMIT_CHARS;
        if (fits && signalIds.add(each)) {
          signalIdChars += each.length();
          added.add(each);
        }
      }
      isListed = true;
      lock.notifyAll();
    }
    return added;
  }

  void unavailable(List<String> ids) {
    synchronized (lock) {
      for (String each : ids) {
        signalIdChars -= signalIds.remove(each) ? each.length() : 0;
      }
    }
  }
}
