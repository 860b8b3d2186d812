/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.support;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import org.daqstream.base.support.OriginTime;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;

/**
 * Ticks as nanoseconds since 1970, or since the beginning of a domain that tells no date, and back,
 * rounded down, without floating point.
 */
public final class DomainClock {
  private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);

  private final BigInteger numerator;
  private final BigInteger denominator;
  private final long originNanos;
  private final boolean isAbsolute;

  /** Nanoseconds of a tick where that is a whole number, else 0. */
  private final long tickNanos;

  private DomainClock(Resolution resolution, long originNanos, boolean isAbsolute) {
    this.originNanos = originNanos;
    this.isAbsolute = isAbsolute;
    numerator = BigInteger.valueOf(resolution.num()).multiply(NANOS_PER_SECOND);
    denominator = BigInteger.valueOf(resolution.denom());
    BigInteger[] whole = numerator.divideAndRemainder(denominator);
    boolean fits = whole[1].signum() == 0 && whole[0].bitLength() < Long.SIZE;
    tickNanos = fits ? whole[0].longValue() : 0;
  }

  /** That of a domain; {@code null} when that is no time, or its origin is not known. */
  public static DomainClock of(SignalDescriptor domain) {
    DomainClock any = ofAny(domain);
    return any != null && any.isAbsolute ? any : null;
  }

  /**
   * That of a domain, from its beginning when its origin is not known; {@code null} when it is no
   * time.
   */
  public static DomainClock ofAny(SignalDescriptor domain) {
    boolean isTime = domain.unit().quantity().equals("time") || domain.unit().equals(Unit.SECOND);
    if (!isTime || domain.resolution() == null) {
      return null;
    }
    if (!domain.origin().isEmpty()) {
      try {
        return new DomainClock(
            domain.resolution(), nanosOf(OriginTime.parse(domain.origin())), true);
      } catch (DateTimeException | ArithmeticException e) {
        // A date that nobody can read, or beyond the 292 years of 64 bits.
      }
    }
    return new DomainClock(domain.resolution(), 0, false);
  }

  private static long nanosOf(Instant time) {
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond(), NANOS_PER_SECOND.longValue()), time.getNano());
  }

  /** Whether it counts from 1970, and can be compared with others. */
  public boolean isAbsolute() {
    return isAbsolute;
  }

  /** Nanoseconds of a tick where that is a whole number, else 0. */
  public long tickNanos() {
    return tickNanos;
  }

  /**
   * The nanoseconds of a tick.
   *
   * @throws ArithmeticException when it is beyond the 292 years of 64 bits
   */
  public long nanos(long tick) {
    long product = tick * tickNanos;
    if (tickNanos != 0 && Math.multiplyHigh(tick, tickNanos) == product >> (Long.SIZE - 1)) {
      return Math.addExact(originNanos, product);
    }
    BigInteger[] parts =
        BigInteger.valueOf(tick).multiply(numerator).divideAndRemainder(denominator);
    BigInteger floor = parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    return floor.add(BigInteger.valueOf(originNanos)).longValueExact();
  }

  /** The nanoseconds of a tick; what is beyond 64 bits is at their end. */
  public long boundedNanos(long tick) {
    try {
      return nanos(tick);
    } catch (ArithmeticException e) {
      return tick < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  /**
   * The time of a tick, rounded down to nanoseconds.
   *
   * @throws ArithmeticException as {@link #nanos}
   */
  public Instant instant(long tick) {
    long nanos = nanos(tick);
    long perSecond = NANOS_PER_SECOND.longValue();
    return Instant.ofEpochSecond(Math.floorDiv(nanos, perSecond), Math.floorMod(nanos, perSecond));
  }

  /**
   * The first tick at a time or behind it.
   *
   * @throws ArithmeticException when there is none in 64 bits
   */
  public long tickAt(Instant time) {
    BigInteger nanos =
        BigInteger.valueOf(time.getEpochSecond())
            .multiply(NANOS_PER_SECOND)
            .add(BigInteger.valueOf(time.getNano()))
            .subtract(BigInteger.valueOf(originNanos));
    BigInteger[] parts = nanos.multiply(denominator).divideAndRemainder(numerator);
    return (parts[1].signum() > 0 ? parts[0].add(BigInteger.ONE) : parts[0]).longValueExact();
  }
}
