/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * Reads the cells of a time column: numbers; dates with the year first (or by points with the day
 * first), with or without a time of day and a zone (without: UTC); a time of day, or a time that
 * passed, as {@code hh:mm:ss} or {@code 1 days 02:03:04}. Used by one thread.
 */
final class CsvTime {
  private static final String YEAR_FIRST = "(\\d{4})([-/])(\\d{1,2})\\2(\\d{1,2})";
  private static final String DAY_FIRST = "(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4})";
  private static final String TIME_OF_DAY = "(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?";
  private static final String ZONE =
      " ?(?:(Z|UTC|GMT)|([+-]\\d{2})(?::?(\\d{2}))?(?:\\[[\\w/+-]+])?)";

  private static final Pattern DATE =
      Pattern.compile(
          "(?:" + YEAR_FIRST + "|" + DAY_FIRST + ")(?:[T ]" + TIME_OF_DAY + "(?:" + ZONE + ")?)?");

  private static final Pattern CLOCK =
      Pattern.compile(
          "(?:(-?\\d{1,6}) days? \\+?)?(\\d{1,6}):(\\d{2}):(\\d{2})(?:[.,](\\d{1,9}))?");

  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long[] POWERS = LongStream.iterate(1, p -> p * 10).limit(10).toArray();
  private static final long NANOS_PER_DAY = TimeUnit.DAYS.toNanos(1);

  private final String column;
  private final Optional<CsvTimeUnit> unit;
  private long midnightNanos;
  private long lastClockNanos = -1;

  /** With a column's name, and what its numbers count; empty when there must not be any. */
  CsvTime(String column, Optional<CsvTimeUnit> unit) {
    this.column = column;
    this.unit = unit;
  }

  static boolean isDate(String cell) {
    return DATE.matcher(cell).matches();
  }

  /** Whether it is a date with nothing behind it. */
  static boolean isDay(String cell) {
    return cell.indexOf(':') < 0 && isDate(cell);
  }

  static boolean isClock(String cell) {
    return CLOCK.matcher(cell).matches();
  }

  /**
   * Reads a cell, exactly to the nanosecond, since 1970-01-01 or whatever the column counts from;
   * an IllegalArgumentException when it is no time.
   */
  long parseNanos(String cell) {
    try {
      Matcher clock = cell.indexOf(':') < 0 ? null : CLOCK.matcher(cell);
      if (clock != null && clock.matches()) {
        return clockNanos(clock);
      }
      Matcher date = DATE.matcher(cell);
      if (date.matches()) {
        return dateNanos(date);
      }
      return unit.orElseThrow(NumberFormatException::new).toNanos(cell);
    } catch (ArithmeticException e) {
      boolean isNumber = CsvNumber.parse(cell).isPresent();
      throw new IllegalArgumentException(
          quoted(cell)
              + (isNumber
                  ? inUnit() + " lies beyond the year 2262, is its unit another?"
                  : " lies beyond the year 2262"),
          e);
    } catch (DateTimeException | NumberFormatException e) {
      throw new IllegalArgumentException(
          quoted(cell)
              + " is no time; allowed are "
              + unit.map(u -> "numbers" + inUnit() + ", ").orElse("")
              + "dates as 2026-01-31 12:00:00.5Z and hh:mm:ss",
          e);
    }
  }

  /** What the last digit of a cell is that {@link #parseNanos} takes, at least 1 ns. */
  long lastDigitNanos(String cell) {
    Matcher clock = CLOCK.matcher(cell);
    if (clock.matches()) {
      return digitNanos(clock.group(5));
    }
    Matcher date = DATE.matcher(cell);
    if (!date.matches()) {
      return unit.map(u -> u.lastDigitNanos(cell)).orElse(1L);
    }
    if (date.group(10) == null) {
      return date.group(8) == null ? NANOS_PER_DAY : TimeUnit.MINUTES.toNanos(1);
    }
    return digitNanos(date.group(11));
  }

  private static long digitNanos(String fraction) {
    return fraction == null ? NANOS_PER_SECOND : NANOS_PER_SECOND / POWERS[fraction.length()];
  }

  private String quoted(String cell) {
    return "'" + CsvRecording.shortened(cell) + "' in column '" + column + "'";
  }

  private String inUnit() {
    return unit.map(u -> " in " + u).orElse("");
  }

  private static long dateNanos(Matcher date) {
    LocalDate day =
        date.group(1) == null
            ? LocalDate.of(number(date, 7), number(date, 6), number(date, 5))
            : LocalDate.of(number(date, 1), number(date, 3), number(date, 4));
    LocalTime time = LocalTime.of(number(date, 8), number(date, 9), number(date, 10));
    int offsetMinutes = number(date, 14);
    if (date.group(13) != null) {
      int hours = Integer.parseInt(date.group(13));
      offsetMinutes = hours * 60 + (date.group(13).startsWith("-") ? -1 : 1) * offsetMinutes;
    }
    long seconds =
        day.toEpochSecond(time, ZoneOffset.UTC) - TimeUnit.MINUTES.toSeconds(offsetMinutes);
    return Math.addExact(
        Math.multiplyExact(seconds, TimeUnit.SECONDS.toNanos(1)),
        (long) nanosOfSecond(date.group(11)));
  }

  /** A time of day that is much earlier than the one before is one of the next day. */
  private long clockNanos(Matcher clock) {
    if (number(clock, 3) > 59 || number(clock, 4) > 59) {
      throw new DateTimeException("");
    }
    long nanos =
        TimeUnit.HOURS.toNanos(number(clock, 2))
            + TimeUnit.MINUTES.toNanos(number(clock, 3))
            + TimeUnit.SECONDS.toNanos(number(clock, 4))
            + nanosOfSecond(clock.group(5));
    if (clock.group(1) != null) {
      return Math.addExact(
          nanos, Math.multiplyExact(Long.parseLong(clock.group(1)), NANOS_PER_DAY));
    }
    if (lastClockNanos - nanos > NANOS_PER_DAY / 2 && lastClockNanos < NANOS_PER_DAY) {
      midnightNanos += NANOS_PER_DAY;
    }
    lastClockNanos = nanos;
    return midnightNanos + nanos;
  }

  private static int number(Matcher matcher, int group) {
    return matcher.group(group) == null ? 0 : Integer.parseInt(matcher.group(group));
  }

  private static int nanosOfSecond(String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
  }

  /** The next cell is the first one again. */
  void restart() {
    midnightNanos = 0;
    lastClockNanos = -1;
  }
}
