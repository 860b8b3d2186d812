/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

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

/**
 * Ticks of a domain as nanoseconds, rounded down, so that domains can be compared.
 *
 * @param isAbsolute whether they count from 1970, and not from where the domain begins
 */
record DomainTime(BigInteger numerator, BigInteger denominator, long origin, boolean isAbsolute) {
  private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000);

  /** That of a domain; {@code null} when it tells no time. */
  static DomainTime of(SignalDescriptor domain) {
    boolean isTime = domain.unit().quantity().equals("time") || domain.unit().equals(Unit.SECOND);
    Resolution resolution = domain.resolution();
    if (!isTime || resolution == null) {
      return null;
    }
    long origin = 0;
    boolean isAbsolute = !domain.origin().isEmpty();
    try {
      origin = isAbsolute ? nanos(instantOf(domain.origin())) : 0;
    } catch (DateTimeException | ArithmeticException e) {
      isAbsolute = false; // a date that nobody can read
    }
    return new DomainTime(
        BigInteger.valueOf(resolution.num()).multiply(NANOS),
        BigInteger.valueOf(resolution.denom()),
        origin,
        isAbsolute);
  }

  private static Instant instantOf(String origin) {
    if (origin.indexOf('T') < 0) {
      return LocalDate.parse(origin).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    return origin.matches(".*([Zz]|[+-]\\d\\d:\\d\\d)")
        ? OffsetDateTime.parse(origin).toInstant()
        : LocalDateTime.parse(origin).toInstant(ZoneOffset.UTC);
  }

  private static long nanos(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), NANOS.longValue()), instant.getNano());
  }

  /** Whether what one and the other tell is the same. */
  boolean isComparable(DomainTime other) {
    return isAbsolute && other.isAbsolute;
  }

  /** The time of a tick; what is beyond 64 bits is at their end. */
  long at(long tick) {
    BigInteger[] parts =
        BigInteger.valueOf(tick).multiply(numerator).divideAndRemainder(denominator);
    BigInteger floor = parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    BigInteger time = floor.add(BigInteger.valueOf(origin));
    return time.bitLength() < Long.SIZE
        ? time.longValue()
        : time.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }
}
