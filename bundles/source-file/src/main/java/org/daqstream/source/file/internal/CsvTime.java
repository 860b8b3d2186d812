/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Reads the cells of a time column: numbers, or date and time by ISO 8601 (without a zone: UTC; a
 * blank may stand for the T).
 */
final class CsvTime {
  private static final int NUMBER_LIMIT_CHARS = 40;

  private static final Map<String, Long> NANOS_PER_UNIT =
      Map.of(
          "", TimeUnit.SECONDS.toNanos(1),
          "s", TimeUnit.SECONDS.toNanos(1),
          "ms", TimeUnit.MILLISECONDS.toNanos(1),
          "us", TimeUnit.MICROSECONDS.toNanos(1),
          "µs", TimeUnit.MICROSECONDS.toNanos(1),
          "ns", 1L,
          "min", TimeUnit.MINUTES.toNanos(1),
          "h", TimeUnit.HOURS.toNanos(1));

  private final BigDecimal nanosPerUnit;

  /**
   * Chooses the unit of numbers.
   *
   * @throws IllegalArgumentException when it is not one of time
   */
  CsvTime(CsvColumn column) {
    Long nanos = NANOS_PER_UNIT.get(column.symbol().replace('\u03bc', '\u00b5'));
    if (nanos == null) {
      throw new IllegalArgumentException(
          "the time column '"
              + column.name()
              + "' has the unit '"
              + column.symbol()
              + "', allowed are s, ms, us, ns, min and h");
    }
    nanosPerUnit = BigDecimal.valueOf(nanos);
  }

  /**
   * Reads a cell, exactly to the nanosecond.
   *
   * @return nanoseconds since 1970-01-01, or since whatever the column's numbers count from
   * @throws IllegalArgumentException when it is no time
   */
  long parseNanos(String cell) {
    try {
      return cell.indexOf(':') < 0 ? number(cell) : date(cell);
    } catch (ArithmeticException | DateTimeException | NumberFormatException e) {
      throw new IllegalArgumentException("'" + CsvRecording.shortened(cell) + "' is no time", e);
    }
  }

  private long number(String cell) {
    if (cell.length() > NUMBER_LIMIT_CHARS) {
      throw new NumberFormatException();
    }
    BigDecimal number = new BigDecimal(cell);
    if (Math.abs((long) number.scale()) > NUMBER_LIMIT_CHARS) { // 1e999999999
      throw new NumberFormatException();
    }
    return number.multiply(nanosPerUnit).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
  }

  private static long date(String cell) {
    TemporalAccessor parsed =
        DateTimeFormatter.ISO_DATE_TIME.parseBest(
            cell.replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
    Instant instant =
        parsed instanceof LocalDateTime local
            ? local.toInstant(ZoneOffset.UTC)
            : Instant.from(parsed);
    long seconds = Math.multiplyExact(instant.getEpochSecond(), TimeUnit.SECONDS.toNanos(1));
    return Math.addExact(seconds, instant.getNano());
  }
}
