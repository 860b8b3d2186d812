/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class SignalGlobTest {
  private static void assertMatches(boolean expected, String glob, String signalId) {
    assertEquals(glob + " and " + signalId, expected, new SignalGlob(glob).matches(signalId));
  }

  @Test
  public void aStarStaysWithinASegmentAndTwoCross() {
    assertMatches(true, "host/*", "host/time");
    assertMatches(false, "host/*", "host/cpu/load");
    assertMatches(true, "host/**", "host/cpu/0/load");
    assertMatches(true, "**/load", "host/cpu/load");
    assertMatches(true, "*/*/load", "host/cpu/load");
    assertMatches(true, "host/cpu/?/load", "host/cpu/0/load");
    assertMatches(false, "host?cpu", "host/cpu");
    assertMatches(true, "**", "anything/at\nall");
  }

  @Test
  public void otherCharactersMeanThemselves() {
    assertMatches(true, "a.b[1]\\Q+*", "a.b[1]\\Q+x");
    assertMatches(false, "a.b*", "axb1");
    assertFalse(new SignalGlob("a.b[1]").isPattern());
    assertTrue(new SignalGlob("a?").isPattern());
    assertMatches(true, "a.b", "a.b");
    assertMatches(false, "a.b", "a.b/c");
  }
}
