/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.support;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;

/** Ticks as nanoseconds since 1970, and back, rounded down, without floating point. */
public final class DomainClock {
  private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);

  private final BigInteger numerator;
  private final BigInteger denominator;
  private final long originNanos;

  /** Nanoseconds of a tick where that is a whole number, else 0. */
  private final long tickNanos;

  private DomainClock(Resolution resolution, Instant origin) {
    numerator = BigInteger.valueOf(resolution.num()).multiply(NANOS_PER_SECOND);
    denominator = BigInteger.valueOf(resolution.denom());
    BigInteger[] whole = numerator.divideAndRemainder(denominator);
    boolean fits = whole[1].signum() == 0 && whole[0].bitLength() < Long.SIZE;
    tickNanos = fits ? whole[0].longValue() : 0;
    originNanos =
        Math.addExact(
            Math.multiplyExact(origin.getEpochSecond(), NANOS_PER_SECOND.longValue()),
            origin.getNano());
  }

  /** That of a domain; {@code null} when that is no time, or its origin is not known. */
  public static DomainClock of(SignalDescriptor domain) {
    boolean isTime = domain.unit().quantity().equals("time") || domain.unit().equals(Unit.SECOND);
    if (!isTime || domain.resolution() == null || domain.origin().isEmpty()) {
      return null;
    }
    try {
      return new DomainClock(domain.resolution(), instantOf(domain.origin()));
    } catch (DateTimeException | ArithmeticException e) {
      return null; // a date that nobody can read, or beyond the 292 years of 64 bits
    }
  }

  private static Instant instantOf(String origin) {
    if (origin.indexOf('T') < 0) {
      return LocalDate.parse(origin).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    return origin.matches(".*([Zz]|[+-]\\d\\d:\\d\\d)")
        ? OffsetDateTime.parse(origin).toInstant()
        : LocalDateTime.parse(origin).toInstant(ZoneOffset.UTC);
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
    if (tickNanos != 0) {
      return Math.addExact(originNanos, Math.multiplyExact(tick, tickNanos));
    }
    BigInteger[] parts =
        BigInteger.valueOf(tick).multiply(numerator).divideAndRemainder(denominator);
    BigInteger floor = parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    return floor.add(BigInteger.valueOf(originNanos)).longValueExact();
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
