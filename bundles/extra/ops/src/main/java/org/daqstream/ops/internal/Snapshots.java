/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Collects on demand, but not more often than so: who asks in the meantime, or while a collection
 * is under way, gets the same answer. Any thread.
 */
final class Snapshots {
  static final long MIN_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Supplier<Metrics> collector;
  private final LongSupplier nanoTime;
  private Metrics last; // null before the first collection
  private long begunNanos;
  private long endedNanos;

  Snapshots(Supplier<Metrics> collector, LongSupplier nanoTime) {
    this.collector = collector;
    this.nanoTime = nanoTime;
  }

  /** Everything, as of now or a moment ago; the caller must not change it. */
  Metrics now() {
    long askedNanos = nanoTime.getAsLong();
    synchronized (this) {
      boolean old = askedNanos - begunNanos >= MIN_AGE_NANOS && askedNanos - endedNanos > 0;
      if (last == null || old) {
        last = collector.get();
        begunNanos = askedNanos;
        endedNanos = nanoTime.getAsLong();
      }
      return last;
    }
  }
}
