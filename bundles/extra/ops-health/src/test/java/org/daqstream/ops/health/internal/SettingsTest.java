/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.health.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import java.util.Map;
import org.daqstream.config.support.Readers;
import org.daqstream.config.support.Values;
import org.daqstream.testing.FakeContext;
import org.daqstream.testing.LogLines;
import org.junit.Test;

/** Configured values are taken or refused. */
public class SettingsTest {
  private static final Readers HERE = Readers.of("healthFrom", List.of());

  private static Settings of(Map<String, ?> configuration) {
    return Settings.of(Values.of(Health.Config.class, configuration));
  }

  private static void assertRefused(String key, Object value, String allowed) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> of(Map.of(key, value)));
    assertEquals(
        "key " + key + " = '" + value + "' must be a whole number " + allowed,
        refusal.getMessage());
  }

  @Test
  public void withoutValuesThereAreTheDefaults() {
    assertEquals(new Settings(List.of(), 50, 90, 10, 30, "/health", HERE), of(Map.of()));
  }

  @Test
  public void textsAndTypedValuesAreTaken() {
    assertEquals(
        new Settings(List.of("a", "b"), 1, 1, 2, 3, "", HERE),
        of(
            Map.of(
                "servers", "a, b",
                "lagWarnPercent", "1",
                "lagCriticalPercent", 1,
                "disconnectsWarn", 2L,
                "certificateWarnDays", " 3 ",
                "path", "")));
    assertEquals(List.of("a"), of(Map.of("servers", new String[] {"a", ""})).servers());
    assertEquals(List.of("a"), of(Map.of("servers", List.of("a"))).servers());
  }

  @Test
  public void theRuleOfAllComponentsHolds() {
    LogLines.clear();
    FakeContext context = new FakeContext();
    Health health =
        new Health(context.get(), Map.of("lagWarnPercent", "40 ", "disconnectsWarn", "", "lag", 1));
    List<Object> checks = context.services();
    health.modified(Map.of("lagWarnPercent", "much"));
    assertEquals("they stay", checks, context.services());
    assertEquals(
        List.of(
            "WARN org.daqstream.ops.health: key 'lag' is not known; known are servers,"
                + " lagWarnPercent, lagCriticalPercent, disconnectsWarn, certificateWarnDays, path,"
                + " healthFrom",
            "ERROR org.daqstream.ops.health: key lagWarnPercent = 'much' must be a whole number"
                + " from 1 to 100; the old configuration stays"),
        LogLines.all());
    health.stop();
    assertEquals(List.of(), context.services());
  }

  @Test
  public void otherValuesAreRefusedWithKeyValueAndWhatIsAllowed() {
    assertRefused("lagWarnPercent", 0, "from 1 to 100");
    assertRefused("lagCriticalPercent", 49, "from 50 to 100");
    assertRefused("disconnectsWarn", "none", "from 1 to 1000000");
    assertRefused("certificateWarnDays", 3651, "from 1 to 3650");
    assertThrows(IllegalArgumentException.class, () -> of(Map.of("path", "health")));
    assertThrows(IllegalArgumentException.class, () -> of(Map.of("healthFrom", "somewhere")));
  }
}
