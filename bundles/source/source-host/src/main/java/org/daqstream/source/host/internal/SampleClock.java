/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

/**
 * Says when the next sample is due. Samples stand on a grid: their times are whole multiples of the
 * period since 1970-01-01. One that would be taken more than half a period late is left out, and so
 * is every one after it whose time has passed: the times jump, they are never bunched or made up.
 */
final class SampleClock {
  private final long deltaNanos;
  private long nextTick;
  private long missedRows;

  SampleClock(long deltaNanos, long wallNanos) {
    this.deltaNanos = deltaNanos;
    restart(wallNanos);
  }

  /** Goes on with the wall clock after it was set; the rows in between never were. */
  void restart(long wallNanos) {
    nextTick = gridAfter(wallNanos);
  }

  private long gridAfter(long wallNanos) {
    return Math.floorDiv(wallNanos, deltaNanos) * deltaNanos + deltaNanos;
  }

  /**
   * How many nanoseconds to wait until the next sample is due, by a wall clock that may be set; 0
   * when it is due now.
   */
  long nanosUntilDue(long wallNanos) {
    long lateNanos = wallNanos - nextTick;
    boolean setBack = lateNanos < -2 * deltaNanos;
    if (lateNanos > deltaNanos / 2 || setBack) {
      long tick = gridAfter(wallNanos);
      missedRows += setBack ? 0 : (tick - nextTick) / deltaNanos;
      nextTick = tick;
    }
    return Math.max(0, nextTick - wallNanos);
  }

  /** Takes the sample that is due; gives its time, in nanoseconds since 1970-01-01. */
  long take() {
    long tick = nextTick;
    nextTick += deltaNanos;
    return tick;
  }

  boolean hasMissedRows() {
    return missedRows > 0;
  }

  /** Rows left out since the last call. */
  long takeMissedRows() {
    long rows = missedRows;
    missedRows = 0;
    return rows;
  }
}
