/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.sample.support;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Numbers and times as people read them. */
public final class Format {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSSX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final String[] PREFIXES = {"n", "µ", "m", "", "k", "M", "G", "T", "P", "E"};
  private static final int NO_PREFIX = 3;

  private Format() {}

  /** A count of bytes, {@code 1.23 MB} say; a kilobyte is 1000 of them. */
  public static String bytes(long count) {
    return quantity((double) count, "B");
  }

  /** Bytes per second; nothing for {@code null}. */
  public static String byteRate(Long perSecond) {
    return rate(perSecond, "B/s");
  }

  /** Packets per second; nothing for {@code null}. */
  public static String packetRate(Long perSecond) {
    return rate(perSecond, "/s");
  }

  private static String rate(Long perSecond, String unit) {
    return perSecond == null ? "" : quantity(perSecond.doubleValue(), unit);
  }

  /** A number of at least three significant digits with a prefix of the unit. */
  public static String quantity(double number, String unit) {
    double scaled = number;
    int prefix = NO_PREFIX;
    while (Math.abs(scaled) < 0.9995 && scaled != 0 && prefix > 0) {
      scaled *= 1000;
      prefix--;
    }
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
    double size = Math.abs(number);
    String pattern = size < 9.995 ? "%.2f" : size < 99.95 ? "%.1f" : "%.0f";
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

  /** How many columns of a terminal the text takes. */
  static int columns(String text) {
    return text.codePoints().map(Format::columns).sum();
  }

  private static int columns(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(c) ? 2 : 1;
    };
  }

  /** The blocks of East Asian characters and of pictures. */
  private static boolean isWide(int c) {
    return c >= 0x1100
        && (c <= 0x115F
            || (c >= 0x2E80 && c <= 0xA4CF && c != 0x303F)
            || (c >= 0xAC00 && c <= 0xD7A3)
            || (c >= 0xF900 && c <= 0xFAFF)
            || (c >= 0xFE30 && c <= 0xFE6F)
            || (c >= 0xFF01 && c <= 0xFF60)
            || (c >= 0xFFE0 && c <= 0xFFE6)
            || (c >= 0x1F300 && c <= 0x1F64F)
            || (c >= 0x1F680 && c <= 0x1F6FF)
            || (c >= 0x1F900 && c <= 0x1F9FF)
            || (c >= 0x20000 && c <= 0x3FFFD));
  }
}
