/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Nanoseconds since 1970-01-01 that make no step: the wall clock of the beginning, and from then on
 * the time that goes by, whatever happens to that clock.
 */
public final class SteadyClock implements LongSupplier {
  private final LongSupplier nanoTime;
  private final long offsetNanos;

  /** Begins with the wall clock of now. */
  public SteadyClock() {
    this(Clock.systemUTC(), System::nanoTime);
  }

  SteadyClock(Clock wall, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    offsetNanos = nanos(wall.instant()) - nanoTime.getAsLong();
  }

  /** An instant in nanoseconds since 1970-01-01. */
  public static long nanos(Instant instant) {
    return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
  }

  @Override
  public long getAsLong() {
    return nanoTime.getAsLong() + offsetNanos;
  }
}
