/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import org.daqstream.player.api.SeekTarget;
import org.daqstream.recording.support.DomainClock;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;

/** How long the ticks of a recording take, and when they are, as far as it tells. */
final class RecordedTime {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int NANO_DIGITS = 9;

  private final Resolution resolution; // null: the domain is no time
  private final DomainClock clock; // null: nobody knows when
  private final double tickNanos;

  private RecordedTime(Resolution resolution, DomainClock clock) {
    this.resolution = resolution;
    this.clock = clock;
    tickNanos = resolution == null ? 0 : NANOS_PER_SECOND / resolution.denom() * resolution.num();
  }

  static RecordedTime of(SignalDescriptor domain) {
    Unit unit = domain.unit();
    boolean isTime = unit.quantity().equals("time") || unit.equals(Unit.SECOND);
    return isTime && domain.resolution() != null
        ? new RecordedTime(domain.resolution(), DomainClock.of(domain))
        : new RecordedTime(null, null);
  }

  /** Whether the length of a tick is known. */
  boolean isTime() {
    return resolution != null;
  }

  /** Whether it is known when a tick is. */
  boolean hasOrigin() {
    return clock != null;
  }

  long nanos(long ticks) {
    return (long) (ticks * tickNanos);
  }

  /** At least one. */
  long ticks(long nanos) {
    return Math.max(1, (long) Math.min(nanos / tickNanos, Long.MAX_VALUE / 4.0));
  }

  /** How long so many ticks are; null when nobody knows. */
  Duration passed(long ticks) {
    return resolution == null ? null : Duration.ofNanos(nanos(ticks));
  }

  /** The first tick at nanoseconds since 1970 or behind them, where the origin is known. */
  long tickAt(long nanos) {
    return clock.tickAt(Instant.ofEpochSecond(0, nanos));
  }

  /** The first tick at a time or behind it. */
  long tickAt(Instant instant) throws DamagedFileException {
    if (clock == null) {
      throw DamagedFileException.of("does not tell when it was recorded, so not where " + instant);
    }
    return clock.tickAt(instant);
  }

  /** When a tick is; null when nobody knows. */
  Instant instant(long tick) {
    try {
      return clock == null ? null : clock.instant(tick);
    } catch (ArithmeticException e) {
      return null; // beyond what nanoseconds can tell
    }
  }

  /**
   * The tick of a place that is told by its time.
   *
   * @param begin the first tick of all
   * @param here where it is now
   * @throws IllegalArgumentException when there is none
   */
  long tick(SeekTarget target, long begin, long here) {
    try {
      if (target instanceof SeekTarget.At at) {
        return tickAt(at.time());
      }
      if (target instanceof SeekTarget.By by) {
        return Math.addExact(here, ticksIn(secondsOf(by.distance())));
      }
      return Math.addExact(begin, ticksIn(secondsOf(((SeekTarget.FromBeginning) target).passed())));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("that is beyond all times", e);
    } catch (DamagedFileException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static BigDecimal secondsOf(Duration duration) {
    return BigDecimal.valueOf(duration.getSeconds())
        .add(BigDecimal.valueOf(duration.getNano(), NANO_DIGITS));
  }

  /** Ticks in so many seconds, rounded down. */
  long ticksIn(BigDecimal seconds) throws DamagedFileException {
    if (resolution == null) {
      throw DamagedFileException.of("has no time, so not " + seconds + " s from its beginning");
    }
    return seconds
        .multiply(BigDecimal.valueOf(resolution.denom()))
        .divide(BigDecimal.valueOf(resolution.num()), 0, RoundingMode.FLOOR)
        .longValueExact();
  }
}
