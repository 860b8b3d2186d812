/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A length of time on the command line: {@code 500ms}, {@code 5s}, {@code 1.5m}, {@code 2h}. */
record TimeSpan(long millis) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,12})?)(ms|s|m|h|d|)");
  private static final Map<String, Long> UNITS_MS =
      Map.of("ms", 1L, "s", 1_000L, "", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
  private static final BigDecimal MOST_MS = BigDecimal.valueOf(TimeUnit.DAYS.toMillis(3650));

  /** Reads one for picocli. */
  static final class Converter implements ITypeConverter<TimeSpan> {
    @Override
    public TimeSpan convert(String text) {
      Matcher matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        throw new TypeConversionException("'" + text + "' is no time like 500ms, 5s, 2m or 1h");
      }
      BigDecimal millis =
          new BigDecimal(matcher.group(1))
              .multiply(BigDecimal.valueOf(UNITS_MS.get(matcher.group(2))));
      if (millis.signum() == 0 || millis.compareTo(MOST_MS) > 0) {
        throw new TypeConversionException("'" + text + "' is not between 1ms and 3650d");
      }
      return new TimeSpan(Math.max(1, millis.longValue()));
    }
  }
}
