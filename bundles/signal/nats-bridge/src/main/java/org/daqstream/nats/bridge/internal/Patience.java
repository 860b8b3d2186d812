/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How long it is waited for what a stream may have: since what is missing was found, or since the
 * stream has brought something last. Under the lock of the import.
 */
final class Patience {
  /** How much longer than for the rows themselves it is waited for a reader to begin. */
  private static final int QUEUE_FACTOR = 4;

  private final LongSupplier nanoTime;
  private final long fillNanos;
  private final BooleanSupplier canRead;
  private boolean isReading;
  private long usefulNanos; // when the reader began, or last brought something

  /**
   * Of a signal of which nothing is read.
   *
   * @param fillNanos how long it is waited
   * @param canRead whether there is a stream
   */
  Patience(LongSupplier nanoTime, long fillNanos, BooleanSupplier canRead) {
    this.nanoTime = nanoTime;
    this.fillNanos = fillNanos;
    this.canRead = canRead;
  }

  boolean canRead() {
    return canRead.getAsBoolean();
  }

  boolean isReading() {
    return isReading;
  }

  /** It is read, or not any more. */
  void setReading(boolean isRead) {
    isReading = isRead;
    renew();
  }

  /** Something has come. */
  void renew() {
    usefulNanos = nanoTime.getAsLong();
  }

  /** Whether the stream may still bring what has been missing since a moment. */
  boolean lasts(long sinceNanos) {
    return canRead() && !isOver(sinceNanos);
  }

  boolean isOver(long sinceNanos) {
    long waitedNanos = nanoTime.getAsLong() - Math.max(sinceNanos, usefulNanos);
    return waitedNanos > (isReading ? fillNanos : QUEUE_FACTOR * fillNanos);
  }
}
