/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import org.junit.Test;
import picocli.CommandLine.TypeConversionException;

public class TimeSpanTest {
  private static long millis(String text) {
    return new TimeSpan.Converter().convert(text).millis();
  }

  @Test
  public void unitsAreThoseThatPeopleWrite() {
    assertEquals(500, millis("500ms"));
    assertEquals(5_000, millis("5s"));
    assertEquals(5_000, millis("5"));
    assertEquals(90_000, millis("1.5m"));
    assertEquals(7_200_000, millis("2h"));
    assertEquals(86_400_000, millis("1d"));
    assertEquals(1, millis("0.1ms"));
  }

  @Test
  public void whatIsNoTimeIsRefused() {
    for (String each : new String[] {"", "s", "-1s", "5 s", "1e3s", "0s", "4000d", "5seconds"}) {
      assertThrows(each, TypeConversionException.class, () -> millis(each));
    }
  }
}
