/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.health.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Configured values are taken or refused. */
public class SettingsTest {
  private static void assertRefused(String key, Object value, String allowed) {
    final IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> Settings.of(Map.of(key, value)));
    assertEquals(
        "key " + key + " = '" + value + "' must be a whole number " + allowed,
        refusal.getMessage());
  }

  @Test
  public void withoutValuesThereAreTheDefaults() {
    assertEquals(new Settings(List.of(), 50, 90, 10, 30), Settings.of(Map.of()));
  }

  @Test
  public void textsAndTypedValuesAreTaken() {
    assertEquals(
        new Settings(List.of("a", "b"), 1, 1, 2, 3),
        Settings.of(
            Map.of(
                "servers", "a, b",
                "lagWarnPercent", "1",
                "lagCriticalPercent", 1,
                "disconnectsWarn", 2L,
                "certificateWarnDays", " 3 ")));
    assertEquals(List.of("a"), Settings.of(Map.of("servers", new String[] {"a", ""})).servers());
    assertEquals(List.of("a"), Settings.of(Map.of("servers", List.of("a"))).servers());
  }

  @Test
  public void otherValuesAreRefusedWithKeyValueAndWhatIsAllowed() {
    assertRefused("lagWarnPercent", 0, "from 1 to 100");
    assertRefused("lagCriticalPercent", 49, "from 50 to 100");
    assertRefused("disconnectsWarn", "none", "from 1 to 1000000");
    assertRefused("certificateWarnDays", 3651, "from 1 to 3650");
  }
}
