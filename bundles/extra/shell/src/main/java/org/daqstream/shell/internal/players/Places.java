/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.players;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.daqstream.player.api.SeekTarget;
import org.daqstream.shell.internal.CommandException;

/** Where to go on, as people write it. */
final class Places {
  private static final Pattern DISTANCE =
      Pattern.compile("([+-]?)(\\d{1,12}(?:\\.\\d{1,12})?)(ms|s|m|h|d)");
  private static final Pattern ROW = Pattern.compile("\\d{1,18}");
  private static final Map<String, Long> UNITS_MS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
  private static final int NANOS_PER_MS_DIGITS = 6;
  private static final int NANO_DIGITS = 9;

  private Places() {}

  /** A time, a distance from here or from the beginning, or a row. */
  static SeekTarget parse(String text) {
    Matcher distance = DISTANCE.matcher(text);
    try {
      if (ROW.matcher(text).matches()) {
        return new SeekTarget.Row(Long.parseLong(text));
      }
      if (distance.matches()) {
        Duration duration = duration(distance.group(2), UNITS_MS.get(distance.group(3)));
        return switch (distance.group(1)) {
          case "+" -> new SeekTarget.By(duration);
          case "-" -> new SeekTarget.By(duration.negated());
          default -> new SeekTarget.FromBeginning(duration);
        };
      }
      boolean hasZone = text.matches(".*T.*([Zz]|[+-]\\d\\d:\\d\\d)");
      return new SeekTarget.At(OffsetDateTime.parse(hasZone ? text : text + "Z").toInstant());
    } catch (DateTimeException e) {
      throw new CommandException(
          "'%s' is no place; allowed are a time as 2026-11-30T14:00:00Z, +10s and -1m from here,"
                  .formatted(text)
              + " 90s from the beginning (ms, s, m, h, d), or the number of a row");
    }
  }

  private static Duration duration(String number, long unitMs) {
    BigDecimal nanos =
        new BigDecimal(number)
            .multiply(BigDecimal.valueOf(unitMs))
            .movePointRight(NANOS_PER_MS_DIGITS);
    BigDecimal[] parts = nanos.divideAndRemainder(BigDecimal.ONE.movePointRight(NANO_DIGITS));
    return Duration.ofSeconds(parts[0].longValueExact(), parts[1].longValue());
  }
}
