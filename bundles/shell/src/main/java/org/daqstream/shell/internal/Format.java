/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;

/** Numbers and times as people read them. */
public final class Format {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSSX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E"};

  private Format() {}

  /** A count of bytes, {@code 1.23 MB} say; a kilobyte is 1000 of them. */
  public static String bytes(long count) {
    return quantity((double) count, "B");
  }

  /** Bytes per second. */
  public static String byteRate(long perSecond) {
    return quantity((double) perSecond, "B/s");
  }

  /** A number of at least three significant digits with a prefix of the unit. */
  public static String quantity(double number, String unit) {
    double scaled = number;
    int prefix = 0;
    while (Math.abs(scaled) >= 999.5 && prefix < PREFIXES.length - 1) {
      scaled /= 1000;
      prefix++;
    }
    return digits(scaled) + " " + PREFIXES[prefix] + unit;
  }

  private static String digits(double number) {
    if (number == Math.rint(number)) {
      return Long.toString((long) number);
    }
    final double size = Math.abs(number);
    final String pattern = size < 9.995 ? "%.2f" : size < 99.95 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, pattern, number);
  }

  /** A time in UTC with nanoseconds. */
  public static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** A time in UTC with seconds, for what needs no more. */
  public static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** A short time in a fitting unit. */
  public static String nanos(long nanos) {
    if (nanos < 1000) {
      return nanos + " ns";
    }
    return nanos < 1_000_000 ? digits(nanos / 1e3) + " µs" : digits(nanos / 1e6) + " ms";
  }

  /** The text with nothing in it that a terminal would obey. */
  public static String plain(String text) {
    if (text.chars().noneMatch(Character::isISOControl)) {
      return text;
    }
    final StringBuilder plain = new StringBuilder(text.length());
    text.codePoints().forEach(c -> plain.appendCodePoint(Character.isISOControl(c) ? 0xFFFD : c));
    return plain.toString();
  }

  /** Bytes as hexadecimal digits. */
  public static String hex(byte[] bytes, int count) {
    return HexFormat.of().formatHex(bytes, 0, Math.min(count, bytes.length));
  }
}
