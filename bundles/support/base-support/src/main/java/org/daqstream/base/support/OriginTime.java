/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** The origin of a time domain, as devices write it. */
public final class OriginTime {
  private OriginTime() {}

  /**
   * The time that an origin names: a date, or a date and time, in UTC if it tells no offset.
   *
   * @throws java.time.DateTimeException when it is none that can be read
   */
  public static Instant parse(String origin) {
    if (origin.indexOf('T') < 0) {
      return LocalDate.parse(origin).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    return origin.matches(".*([Zz]|[+-]\\d\\d:\\d\\d)")
        ? OffsetDateTime.parse(origin).toInstant()
        : LocalDateTime.parse(origin).toInstant(ZoneOffset.UTC);
  }
}
