/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.daqstream.config.support.Readers;
import org.daqstream.config.support.Values;
import org.daqstream.testing.LogLines;
import org.junit.Test;

/** Configured values are taken or refused. */
public class SettingsTest {
  private static Settings of(Map<String, ?> configuration) {
    return Settings.of(Values.of(Operations.Config.class, configuration));
  }

  private static final Readers HERE = Readers.of("metricsFrom", List.of());

  private static boolean mayRead(String from, String reader) throws Exception {
    return of(Map.of("metricsFrom", from)).readers().contains(InetAddress.getByName(reader));
  }

  @Test
  public void pageIsForThisMachineOrThoseNamed() throws Exception {
    assertTrue(mayRead("", "127.0.0.1"));
    assertTrue(mayRead("", "::1"));
    assertFalse(mayRead("", "192.0.2.7"));
    assertTrue(mayRead("*", "192.0.2.7"));
    String some = "192.0.2.7, 198.51.100.128/25, 2001:db8::/33";
    assertTrue(mayRead(some, "192.0.2.7"));
    assertFalse(mayRead(some, "192.0.2.6"));
    assertFalse(mayRead(some, "127.0.0.1"));
    assertTrue(mayRead(some, "198.51.100.200"));
    assertFalse(mayRead(some, "198.51.100.27"));
    assertTrue(mayRead(some, "2001:db8:7fff::1"));
    assertFalse(mayRead(some, "2001:db8:8000::1"));
    assertTrue(mayRead("192.0.2.7", "::ffff:192.0.2.7"));
    for (String bad :
        new String[] {"prometheus", "192.0.2.7/33", "1.2.3.4/x", "1.2.3.4/-1", "/8"}) {
      assertRefused(
          "metricsFrom", bad, "addresses or networks such as 192.0.2.7 or 192.0.2.0/24, or *");
    }
  }

  private static void assertRefused(String key, Object value, String allowed) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> of(Map.of(key, value)));
    assertEquals("key " + key + " = '" + value + "' must be " + allowed, refusal.getMessage());
  }

  @Test
  public void withoutValuesThereAreTheDefaults() {
    assertEquals(
        new Settings("/metrics", HERE, new Settings.Limits(100, 1_000, 1_000), true, 5_000),
        of(Map.of()));
  }

  @Test
  public void textsAndTypedValuesAreTaken() {
    assertEquals(
        new Settings("", HERE, new Settings.Limits(0, 7, 100_000), false, 100),
        of(
            Map.of(
                "path",
                " ",
                "clientsMax",
                "0",
                "signalsMax",
                7,
                "streamsMax",
                100_000L,
                "jmx",
                false,
                "sampleIntervalMs",
                " 100 ")));
  }

  @Test
  public void theRuleOfAllComponentsHolds() {
    LogLines.clear();
    Operations operations =
        new Operations(
            null, Map.of("path", "", "jmx", "off", "clientsMax", " ", "streamMax", "7 "));
    assertEquals(
        List.of("WARN org.daqstream.ops: key 'streamMax' is not known; did you mean 'streamsMax'?"),
        LogLines.all());
    operations.modified(Map.of("clientsMax", "many"));
    assertEquals(
        List.of(
            "ERROR org.daqstream.ops: key clientsMax = 'many' must be a whole number from 0 to"
                + " 100000; the old configuration stays"),
        LogLines.with("ERROR"));
    operations.stop();
  }

  @Test
  public void otherValuesAreRefusedWithKeyValueAndWhatIsAllowed() {
    assertRefused("clientsMax", "-1", "a whole number from 0 to 100000");
    assertRefused("signalsMax", "many", "a whole number from 0 to 100000");
    assertRefused("streamsMax", "1.5", "a whole number from 0 to 100000");
    assertRefused("sampleIntervalMs", 99, "a whole number from 100 to 60000");
    assertRefused("jmx", "maybe", "one of true, yes, on, 1, false, no, off, 0, in any case");
    for (String path : new String[] {"metrics", "/", "/a b", "//x", "/a/"}) {
      assertRefused(
          "path", path, "a path such as /metrics of letters, digits and . _ ~ -, or empty");
    }
  }
}
