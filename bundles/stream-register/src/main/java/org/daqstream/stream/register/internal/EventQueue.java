/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The events of one client, in order of arrival over all its streams. The bound is kept per stream,
 * by {@link OpenStream}, so that one flooded stream does not hold up another.
 *
 * <p>Any thread adds; one thread at a time takes. The taker carries off everything that has arrived
 * at once, so the two rarely meet at the lock.
 */
final class EventQueue {

  private ArrayDeque<Event> arriving = new ArrayDeque<>();
  private ArrayDeque<Event> taken = new ArrayDeque<>(); // taking thread only
  private boolean waiting;
  private boolean stopping;

  synchronized void add(Event event) {
    arriving.add(event);
    if (waiting) {
      notifyAll();
    }
  }

  /** The next event, or null when there is none. */
  Event poll() {
    if (taken.isEmpty()) {
      synchronized (this) {
        ArrayDeque<Event> empty = taken;
        taken = arriving;
        arriving = empty;
      }
    }
    return taken.poll();
  }

  /**
   * Waits until there is an event, a stop request or the deadline.
   *
   * @param deadlineNanos ignored when {@code forever}
   * @return false at the deadline or a stop request
   */
  synchronized boolean await(boolean forever, long deadlineNanos) throws InterruptedException {
    waiting = true;
    try {
      while (arriving.isEmpty() && !stopping) {
        if (forever) {
          wait();
        } else {
          long leftNanos = deadlineNanos - System.nanoTime();
          if (leftNanos <= 0) {
            return false;
          }
          TimeUnit.NANOSECONDS.timedWait(this, leftNanos);
        }
      }
      return !arriving.isEmpty();
    } finally {
      waiting = false;
    }
  }

  /** Wakes whoever waits, now and ever after. */
  synchronized void stop() {
    stopping = true;
    notifyAll();
  }

  synchronized boolean isStopping() {
    return stopping;
  }

  synchronized boolean hasArrivals() {
    return !arriving.isEmpty();
  }

  /** Takes out what has arrived for a stream and was not carried off yet. */
  synchronized List<Event> removeAll(OpenStream stream) {
    List<Event> removed = new ArrayList<>();
    arriving.removeIf(event -> event.stream() == stream && removed.add(event));
    return removed;
  }
}
