/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.sample.support;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import org.daqstream.base.support.OriginTime;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.SignalDescriptor;

/** The ticks of a domain as times in UTC, or as numbers with a unit when it tells no time. */
public final class DomainValue {
  private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);

  private final Resolution resolution;
  private final String unit;
  private final Instant origin; // null: no time

  /** For the ticks of one domain. */
  public DomainValue(SignalDescriptor domain) {
    resolution = domain.resolution();
    unit = domain.unit().symbol();
    origin =
        resolution != null && unit.equals("s") && !domain.origin().isEmpty()
            ? parse(domain.origin())
            : null;
  }

  private static Instant parse(String origin) {
    try {
      return OriginTime.parse(origin);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** A time with nanoseconds, rounded down, or a number and its unit. */
  public String text(long tick) {
    if (origin != null) {
      try {
        return time(tick);
      } catch (DateTimeException | ArithmeticException e) {
        // beyond all calendars: as a number
      }
    }
    if (resolution == null) {
      return (tick + " " + unit).strip();
    }
    BigDecimal number =
        numerator(tick).divide(BigDecimal.valueOf(resolution.denom()), MathContext.DECIMAL128);
    return (number.stripTrailingZeros().toPlainString() + " " + unit).strip();
  }

  private BigDecimal numerator(long tick) {
    return BigDecimal.valueOf(tick).multiply(BigDecimal.valueOf(resolution.num()));
  }

  private String time(long tick) {
    BigInteger[] secondsAndNanos =
        numerator(tick)
            .multiply(new BigDecimal(NANOS_PER_SECOND))
            .divide(BigDecimal.valueOf(resolution.denom()), 0, RoundingMode.FLOOR)
            .toBigIntegerExact()
            .divideAndRemainder(NANOS_PER_SECOND);
    return Format.time(
        origin
            .plusSeconds(secondsAndNanos[0].longValueExact())
            .plusNanos(secondsAndNanos[1].longValue()));
  }
}
