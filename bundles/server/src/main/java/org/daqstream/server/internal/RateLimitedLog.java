/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Counts an event and writes it to the log once a minute at most; any thread. */
final class RateLimitedLog {
  private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Consumer<String> log;
  private final LongAdder count = new LongAdder();
  private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());
  private final AtomicLong saidCount = new AtomicLong();

  RateLimitedLog(Consumer<String> log) {
    this.log = log;
  }

  void say(Supplier<String> message) {
    count.increment();
    final long now = System.nanoTime();
    final long next = nextNanos.get();
    if (now - next >= 0 && nextNanos.compareAndSet(next, now + INTERVAL_NANOS)) {
      final long total = count.sum();
      final long leftOut = total - saidCount.getAndSet(total) - 1;
      log.accept(leftOut > 0 ? message.get() + " (and " + leftOut + " more)" : message.get());
    }
  }

  long count() {
    return count.sum();
  }
}
