/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the numbers of a time column count.
 *
 * @param symbol its usual symbol, for example {@code ms}
 * @param nanos its length
 * @param parts how many of the numbers make one of it, 1 but for the recorder of openDAQ
 */
record CsvTimeUnit(String symbol, long nanos, long parts) {
  static final String ALLOWED = "s, ms, us, ns, min, h and d";
  static final CsvTimeUnit SECOND = new CsvTimeUnit("s", TimeUnit.SECONDS.toNanos(1), 1);

  private static final int NUMBER_LIMIT_CHARS = 40;

  private static final Map<String, CsvTimeUnit> BY_NAME = new HashMap<>();

  /** {@code s * 1000000}: the numbers are millionths of a second. */
  private static final Pattern IN_PARTS = Pattern.compile("(\\w+) \\* (\\d{1,18})");

  static {
    add("s", TimeUnit.SECONDS, "s sec secs second seconds sekunden");
    add(
        "ms",
        TimeUnit.MILLISECONDS,
        "ms msec msecs milli millis millisec millisecond milliseconds");
    add(
        "us",
        TimeUnit.MICROSECONDS,
        "us µs usec usecs µsec micro micros microsec microsecond microseconds");
    add("ns", TimeUnit.NANOSECONDS, "ns nsec nsecs nano nanos nanosec nanosecond nanoseconds");
    add("min", TimeUnit.MINUTES, "min mins minute minutes");
    add("h", TimeUnit.HOURS, "h hr hrs hour hours");
    add("d", TimeUnit.DAYS, "d day days");
  }

  private static void add(String symbol, TimeUnit unit, String names) {
    for (String name : CsvNumber.words(names)) {
      BY_NAME.put(name, new CsvTimeUnit(symbol, unit.toNanos(1), 1));
    }
  }

  /** Finds a unit by any of its names. */
  static Optional<CsvTimeUnit> of(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT).replace('\u03bc', '\u00b5');
    Matcher inParts = IN_PARTS.matcher(name);
    if (inParts.matches()) {
      long parts = Long.parseLong(inParts.group(2));
      return of(inParts.group(1))
          .filter(unit -> parts > 0)
          .map(unit -> new CsvTimeUnit(unit.symbol, unit.nanos, parts));
    }
    return Optional.ofNullable(
        BY_NAME.get(name.endsWith(".") ? name.substring(0, name.length() - 1) : name));
  }

  /**
   * How many nanoseconds a number of the column is.
   *
   * @throws NumberFormatException when it is none
   * @throws ArithmeticException when they are too many
   */
  long toNanos(String number) {
    if (number.length() > NUMBER_LIMIT_CHARS) {
      throw new NumberFormatException();
    }
    BigDecimal count = new BigDecimal(number);
    if (Math.abs((long) count.scale()) > NUMBER_LIMIT_CHARS) { // 1e999999999
      throw new NumberFormatException();
    }
    return count
        .multiply(BigDecimal.valueOf(nanos))
        .divide(BigDecimal.valueOf(parts), 0, RoundingMode.HALF_EVEN)
        .longValueExact();
  }

  /** What the last digit of a number is, at least 1 ns. */
  long lastDigitNanos(String number) {
    int scale = Math.max(-9, Math.min(18, new BigDecimal(number).scale()));
    return BigDecimal.valueOf(nanos)
        .movePointLeft(scale)
        .divide(BigDecimal.valueOf(parts), 0, RoundingMode.UP)
        .longValue();
  }

  @Override
  public String toString() {
    return parts == 1 ? symbol : symbol + "/" + parts;
  }
}
