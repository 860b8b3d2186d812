/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.support;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * The events of one client, in order of arrival over all its streams. It has no bound of its own:
 * who adds keeps one, for each stream, so that one flooded stream does not hold up another.
 *
 * <p>Any thread adds; one thread at a time takes. The taker carries off everything that has arrived
 * at once, so the two rarely meet at the lock.
 */
final class EventQueue {
  private ArrayDeque<ClientEvent> arriving = new ArrayDeque<>();
  private ArrayDeque<ClientEvent> taken = new ArrayDeque<>(); // taking thread only
  private Thread waiting; // null once it was woken
  private boolean stopping;

  /** Adds without waking anyone. */
  synchronized void add(ClientEvent event) {
    arriving.add(event);
  }

  /**
   * Wakes the waiting thread when there is something for it; once, whatever comes before it runs.
   */
  void wake() {
    Thread woken;
    synchronized (this) {
      if (arriving.isEmpty()) {
        return;
      }
      woken = waiting;
      waiting = null;
    }
    LockSupport.unpark(woken);
  }

  /** The next event, or null when there is none. */
  ClientEvent poll() {
    if (taken.isEmpty()) {
      synchronized (this) {
        ArrayDeque<ClientEvent> empty = taken;
        taken = arriving;
        arriving = empty;
      }
    }
    return taken.poll();
  }

  /**
   * Waits until there is an event; false at a stop request or at the deadline, which is ignored
   * when {@code forever}.
   */
  boolean await(boolean forever, long deadlineNanos) throws InterruptedException {
    try {
      while (!isReady()) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        long leftNanos = forever ? 0 : deadlineNanos - System.nanoTime();
        if (forever) {
          LockSupport.park(this);
        } else if (leftNanos > 0) {
          LockSupport.parkNanos(this, leftNanos);
        } else {
          return false;
        }
      }
      return hasArrivals();
    } finally {
      stopWaiting();
    }
  }

  /** Whether there is no reason to wait; otherwise this thread is woken when there is one. */
  private synchronized boolean isReady() {
    boolean ready = !arriving.isEmpty() || stopping;
    waiting = ready ? null : Thread.currentThread();
    return ready;
  }

  private synchronized void stopWaiting() {
    waiting = null;
  }

  /** Wakes whoever waits, now and ever after. */
  void stop() {
    Thread woken;
    synchronized (this) {
      stopping = true;
      woken = waiting;
    }
    LockSupport.unpark(woken);
  }

  synchronized boolean isStopping() {
    return stopping;
  }

  synchronized boolean hasArrivals() {
    return !arriving.isEmpty();
  }

  /** Takes out what has arrived and was not carried off yet, as far as it is wanted. */
  synchronized List<ClientEvent> removeIf(Predicate<ClientEvent> wanted) {
    List<ClientEvent> removed = new ArrayList<>();
    arriving.removeIf(event -> wanted.test(event) && removed.add(event));
    return removed;
  }
}
