/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol.internal;

import java.math.BigInteger;
import java.util.Map;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Unit;

/**
 * A time domain expressed in seconds, as the strictest peer wants it (protocol section 4, rows 22
 * and 23): ticks stay what they are, the unit becomes the second and the resolution is converted.
 *
 * @param unit the unit to announce
 * @param resolution the resolution to announce, or {@code null}
 */
record TimeInSeconds(Unit unit, Resolution resolution) {
  private static final String TIME = "time";
  private static final Resolution ONE = new Resolution(1, 1);
  private static final Map<String, Resolution> SECONDS_OF_SYMBOL =
      Map.of(
          "ns", new Resolution(1, 1_000_000_000L),
          "us", new Resolution(1, 1_000_000L),
          "µs", new Resolution(1, 1_000_000L),
          "μs", new Resolution(1, 1_000_000L),
          "ms", new Resolution(1, 1000L),
          "s", ONE,
          "min", new Resolution(60, 1),
          "h", new Resolution(3600, 1));

  /** What to announce for a domain signal; other quantities than time pass unchanged. */
  static TimeInSeconds of(Unit unit, Resolution resolution) {
    Resolution seconds = SECONDS_OF_SYMBOL.get(unit.symbol());
    if (!unit.quantity().equals(TIME) || seconds == null) {
      return new TimeInSeconds(unit, resolution);
    }
    Resolution tick = resolution == null ? ONE : resolution;
    if (isSeconds(unit)) {
      return new TimeInSeconds(unit, tick);
    }
    BigInteger num = BigInteger.valueOf(tick.num()).multiply(BigInteger.valueOf(seconds.num()));
    BigInteger denom =
        BigInteger.valueOf(tick.denom()).multiply(BigInteger.valueOf(seconds.denom()));
    BigInteger divisor = num.gcd(denom);
    num = num.divide(divisor);
    denom = denom.divide(divisor);
    return num.bitLength() < Long.SIZE && denom.bitLength() < Long.SIZE
        ? new TimeInSeconds(Unit.SECOND, new Resolution(num.longValue(), denom.longValue()))
        : new TimeInSeconds(unit, resolution);
  }

  /** What to announce for a value signal: only domains measure time. */
  static Unit valueUnit(Unit unit) {
    return unit.quantity().equals(TIME)
        ? new Unit(unit.unitId(), unit.symbol(), unit.name(), "duration")
        : unit;
  }

  static boolean isSeconds(Unit unit) {
    return unit.quantity().equals(TIME)
        && (unit.unitId() == Unit.SECOND.unitId()
            || (unit.unitId() == Unit.NONE.unitId() && unit.symbol().equals("s")));
  }
}
