/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.time.DateTimeException;
import java.time.Instant;
import org.junit.Test;

/** Origins as devices write them. */
public class OriginTimeTest {
  @Test
  public void datesAndTimesAreInUtcUnlessTheySayOtherwise() {
    for (String origin :
        new String[] {
          "2026-11-30",
          "2026-11-30T00:00",
          "2026-11-30T00:00:00.000",
          "2026-11-30T00:00:00Z",
          "2026-11-30T01:30:00+01:30"
        }) {
      assertEquals(origin, Instant.parse("2026-11-30T00:00:00Z"), OriginTime.parse(origin));
    }
  }

  @Test
  public void whatIsNoDateIsRefused() {
    for (String origin : new String[] {"", "today", "2026-02-30", "30.11.2026", "T"}) {
      assertThrows(origin, DateTimeException.class, () -> OriginTime.parse(origin));
    }
  }
}
