/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
  private final AtomicReference<Collection> last = new AtomicReference<>();

  private record Collection(long startedNanos, FutureTask<Metrics> result) {}

  Snapshots(Supplier<Metrics> collector, LongSupplier nanoTime) {
    this.collector = collector;
    this.nanoTime = nanoTime;
  }

  /**
   * Everything, as of now or a moment ago; the caller must not change it.
   *
   * @throws IllegalStateException when the caller is interrupted or a service fails
   */
  Metrics now() {
    long now = nanoTime.getAsLong();
    Collection known = last.get();
    if (known != null && (!known.result.isDone() || now - known.startedNanos < MIN_AGE_NANOS)) {
      return resultOf(known);
    }
    Collection fresh = new Collection(now, new FutureTask<>(collector::get));
    if (!last.compareAndSet(known, fresh)) {
      return now();
    }
    fresh.result.run();
    return resultOf(fresh);
  }

  private static Metrics resultOf(Collection collection) {
    try {
      return collection.result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while metrics were collected", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("metrics cannot be collected", e.getCause());
    }
  }
}
