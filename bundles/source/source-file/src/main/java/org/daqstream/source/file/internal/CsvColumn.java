/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.Units;

/**
 * A cell of a header: a name, perhaps with a unit: {@code name [unit]}, {@code name (unit)}, and of
 * a time {@code time_ms}, {@code timeMs}, {@code Time/ms}, {@code Time, ms}, {@code milliseconds}.
 *
 * @param head the whole cell
 * @param name what stands before the unit
 * @param symbol the unit; empty when there is none
 */
record CsvColumn(String head, String name, String symbol) {
  private static final Pattern SQUARE = Pattern.compile("([^\\[]*)\\[([^\\[\\]]*)\\]");
  private static final Pattern ROUND = Pattern.compile("(.+?)\\s*\\(([^()]*)\\)");
  private static final Pattern BEHIND =
      Pattern.compile("(.+?)(?:\\s+in\\s+|[\\s_,;/.-]+|(?<=[a-z])(?=[A-Z]))(\\p{L}+)");

  /** By these alone numbers are times, in seconds without a unit. */
  private static final Set<String> TIME_NAMES =
      CsvNumber.words(
          "time timestamp elapsed elapsedtime timeelapsed relativetime reltime abstime absolutetime"
              + " localtime utctime utc unixtime epochtime systime systemtime sampletime xvalue"
              + " zeit zeitstempel temps tiempo");

  /** These hold dates; numbers below them may be days, seconds or 20260131. */
  private static final Set<String> DATE_NAMES =
      Set.of("date", "datetime", "dateandtime", "day", "datum", "datumzeit", "uhrzeit", "clock");

  /** In round brackets these mean too often a minimum, a temperature or one of a, b, c, d. */
  private static final Set<String> AMBIGUOUS_SYMBOLS = Set.of("C", "F", "min", "d", "h");

  private static final List<String> TIME_WORDS = List.of("time", "timestamp", "zeit");

  static CsvColumn parse(String cell) {
    String head = cell.strip();
    Matcher square = SQUARE.matcher(head);
    if (square.matches()) {
      return new CsvColumn(head, square.group(1).strip(), square.group(2).strip());
    }
    Matcher round = ROUND.matcher(head);
    if (round.matches()) {
      String name = round.group(1).strip();
      String symbol = round.group(2).strip();
      boolean known = isUnit(symbol) && !AMBIGUOUS_SYMBOLS.contains(symbol);
      return known || isTimeName(name) || isDateName(name)
          ? new CsvColumn(head, name, symbol)
          : new CsvColumn(head, head, "");
    }
    Matcher behind = BEHIND.matcher(head);
    if (behind.matches()
        && isTimeName(behind.group(1))
        && CsvTimeUnit.of(behind.group(2)).isPresent()) {
      return new CsvColumn(head, behind.group(1).strip(), behind.group(2));
    }
    boolean onlyUnit = head.length() > 1 && !head.equals("min") && CsvTimeUnit.of(head).isPresent();
    return new CsvColumn(head, head, onlyUnit ? head : "");
  }

  /** With the unit of a line of its own below the header. */
  CsvColumn withUnit(String cell) {
    String unit = cell.strip();
    if (unit.matches("\\(.*\\)|\\[.*\\]")) {
      unit = unit.substring(1, unit.length() - 1).strip();
    }
    return symbol.isEmpty() && unit.indexOf('=') < 0 ? new CsvColumn(head, name, unit) : this;
  }

  /** By its whole head, when another one has the same name. */
  CsvColumn named(String newName) {
    return new CsvColumn(head, newName, symbol);
  }

  /** UCUM knows "1" as a unit, too. */
  static boolean isUnit(String symbol) {
    return CsvNumber.parse(symbol).isEmpty()
        && (CsvTimeUnit.of(symbol).isPresent() || Units.ofSymbol(symbol).isPresent());
  }

  private static boolean isTimeName(String name) {
    return name.strip().equals("t") || TIME_NAMES.contains(letters(name));
  }

  private static boolean isDateName(String name) {
    return DATE_NAMES.contains(letters(name));
  }

  private static String letters(String text) {
    return text.replaceAll("[\\s_.-]", "").toLowerCase(Locale.ROOT);
  }

  /** Whether it is the name of a time whose numbers are understood. */
  boolean isTime() {
    boolean onlyUnit = name.equals(symbol);
    return onlyUnit || (isTimeName(name) && (symbol.isEmpty() || timeUnit().isPresent()));
  }

  /** Whether it is the name of a time, or of a date, that only dates are understood below. */
  boolean isDate() {
    return isTimeName(name) || isDateName(name);
  }

  /** Whether somebody might have meant a time, in whatever unit. */
  boolean soundsLikeTime() {
    String words =
        (" " + head.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT) + " ")
            .replaceAll("[^\\p{L}]+", "  ");
    return isDate() || TIME_WORDS.stream().anyMatch(word -> words.contains(" " + word + " "));
  }

  /** Whether the unit alone says that the column is a time. */
  boolean hasTimeUnit() {
    return timeUnit().isPresent();
  }

  /** What numbers in it count, if it is a time. */
  Optional<CsvTimeUnit> timeUnit() {
    return CsvTimeUnit.of(symbol);
  }

  Unit unit() {
    if (symbol.isEmpty()) {
      return Unit.NONE;
    }
    return Units.ofSymbol(symbol)
        .or(() -> Units.all().stream().filter(this::isSpelledOut).findFirst())
        .map(Units.Entry::unit)
        .orElseGet(() -> new Unit(0, symbol, symbol, ""));
  }

  /** {@code Volt}, {@code volts}. */
  private boolean isSpelledOut(Units.Entry entry) {
    String name = entry.unit().name();
    return symbol.equalsIgnoreCase(name) || symbol.equalsIgnoreCase(name + "s");
  }
}
