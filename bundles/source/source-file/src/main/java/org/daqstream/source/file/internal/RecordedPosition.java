/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.daqstream.config.support.RefusedException;

/**
 * Where in a recording to begin or to end.
 *
 * @param seconds from its beginning; {@code null} unless told so
 * @param instant at this time; {@code null} unless told so
 */
record RecordedPosition(BigDecimal seconds, Instant instant) {
  private static final BigDecimal SECONDS_LIMIT = BigDecimal.valueOf(10_000_000_000L);

  /** Seconds, a date and time, or nothing. */
  static RecordedPosition of(String key, String text) {
    if (text.isEmpty()) {
      return new RecordedPosition(null, null);
    }
    try {
      if (text.indexOf('T') > 0) {
        return new RecordedPosition(null, OffsetDateTime.parse(text).toInstant());
      }
      BigDecimal seconds = new BigDecimal(text);
      if (seconds.signum() >= 0 && seconds.compareTo(SECONDS_LIMIT) < 0) {
        return new RecordedPosition(seconds, null);
      }
    } catch (DateTimeException | NumberFormatException e) {
      // Told below, together with what is allowed.
    }
    throw new RefusedException(
        key, text, "must be seconds from the beginning or a time like 2026-01-31T12:00:00Z");
  }

  boolean isNone() {
    return seconds == null && instant == null;
  }

  /** The tick of this position in a recording that begins at another one. */
  long tick(RecordedTime time, long firstTick) throws DamagedFileException {
    try {
      return instant == null
          ? Math.addExact(firstTick, time.ticksIn(seconds))
          : time.tickAt(instant);
    } catch (ArithmeticException e) {
      throw DamagedFileException.of(
          "has no ticks for " + (instant == null ? seconds + " s" : instant));
    }
  }
}
