/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import org.daqstream.base.support.OriginTime;
import org.daqstream.protocol.SignalDocument;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;

/**
 * Ticks of a time domain as points in time: origin plus ticks times resolution (protocol section
 * 3.2), without floating point. Immutable.
 */
public final class TickTime {
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final BigInteger BIG_NANOS = BigInteger.valueOf(NANOS_PER_SECOND);

  private final Resolution resolution;
  private final long originNanos;

  /** Nanoseconds of a tick where that is a whole number, else 0. */
  private final long tickNanos;

  private TickTime(Resolution resolution, long originNanos) {
    this.resolution = resolution;
    this.originNanos = originNanos;
    BigInteger[] whole =
        BigInteger.valueOf(resolution.num())
            .multiply(BIG_NANOS)
            .divideAndRemainder(BigInteger.valueOf(resolution.denom()));
    boolean fits = whole[1].signum() == 0 && whole[0].bitLength() < Long.SIZE;
    tickNanos = fits ? whole[0].longValue() : 0;
  }

  /**
   * {@return the time of a domain's ticks; {@code null} when the domain is no time, or its origin
   * is not told or cannot be read}
   *
   * @param domain description of a domain signal
   */
  public static TickTime of(SignalDescriptor domain) {
    Resolution resolution = SignalDocument.resolution(domain);
    boolean isTime = domain.unit().quantity().equals("time") || domain.unit().equals(Unit.SECOND);
    if (!isTime || resolution == null || domain.origin().isEmpty()) {
      return null;
    }
    try {
      Instant origin = OriginTime.parse(domain.origin());
      return new TickTime(
          resolution,
          Math.addExact(
              Math.multiplyExact(origin.getEpochSecond(), NANOS_PER_SECOND), origin.getNano()));
    } catch (DateTimeException | ArithmeticException e) {
      return null; // a date that nobody can read, or beyond the 292 years of 64 bits
    }
  }

  /** {@return the length of a tick in seconds, as a fraction} */
  public Resolution resolution() {
    return resolution;
  }

  /**
   * {@return nanoseconds since 1970-01-01T00:00:00Z, rounded down where a tick is no whole number
   * of them}
   *
   * @param tick domain value
   * @throws ArithmeticException when it does not fit into 64 bits
   */
  public long nanosOf(long tick) {
    if (tickNanos != 0) {
      return Math.addExact(originNanos, Math.multiplyExact(tick, tickNanos));
    }
    return Math.addExact(originNanos, floorNanos(tick).longValueExact());
  }

  /**
   * {@return the point in time, rounded down to nanoseconds}
   *
   * @param tick domain value
   * @throws DateTimeException when it is beyond all calendars
   */
  public Instant instantOf(long tick) {
    BigInteger[] parts =
        floorNanos(tick).add(BigInteger.valueOf(originNanos)).divideAndRemainder(BIG_NANOS);
    return parts[0].bitLength() < Long.SIZE
        ? Instant.ofEpochSecond(parts[0].longValue(), parts[1].longValue())
        : Instant.MAX.plusNanos(1); // throws, as the calendar does
  }

  private BigInteger floorNanos(long tick) {
    BigInteger[] parts =
        BigInteger.valueOf(tick)
            .multiply(BigInteger.valueOf(resolution.num()))
            .multiply(BIG_NANOS)
            .divideAndRemainder(BigInteger.valueOf(resolution.denom()));
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }
}
