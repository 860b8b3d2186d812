/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.daqstream.config.support.Values;
import org.daqstream.testing.LogLines;
import org.junit.Test;

/** Wrong values are refused with key, value and what is allowed. */
public class SettingsTest {
  private static Settings of(Map<String, ?> configuration) {
    return Settings.of(Values.of(Discovery.Config.class, configuration));
  }

  private static void assertRefused(String key, String value) {
    IllegalArgumentException e =
        assertThrows(value, IllegalArgumentException.class, () -> of(Map.of(key, value)));
    String shown = value.replace('\u001b', '\ufffd');
    assertTrue(e.getMessage(), e.getMessage().startsWith("key " + key + " = '" + shown + "' m"));
  }

  @Test
  public void everythingHasADefault() {
    Settings settings = of(Map.of());
    assertTrue(settings.announce() && settings.browse() && settings.interfaces().ipv6());
    assertEquals("", settings.manufacturer());
    assertEquals(List.of(), settings.properties());
  }

  @Test
  public void valuesMayBeTextsListsAndNumbers() {
    Settings settings =
        of(
            Map.of(
                "announce",
                false,
                "ipv6",
                " false ",
                "serialNumber",
                4711,
                "properties",
                new String[] {"location=Lab 3", " userName=x=y"},
                "interfaces",
                "eth0, !docker0, 10.0.0.1,,!FE80::1"));
    assertFalse(settings.announce() || settings.interfaces().ipv6());
    assertEquals("4711", settings.serialNumber());
    assertEquals(List.of("location=Lab 3", "userName=x=y"), settings.properties());
    assertEquals(Set.of("eth0", "10.0.0.1"), settings.interfaces().used());
    assertEquals(Set.of("docker0", "fe80:0:0:0:0:0:0:1"), settings.interfaces().leftOut());
  }

  @Test
  public void theRuleOfAllComponentsHolds() {
    LogLines.clear();
    Discovery discovery =
        new Discovery(Map.of("announce", "No ", "browse", "off", "ipv6", "", "modell", "x"));
    assertEquals(
        List.of("WARN org.daqstream.discovery: key 'modell' is not known; did you mean 'model'?"),
        LogLines.all());
    discovery.modified(Map.of("announce", "perhaps"));
    assertEquals(
        List.of(
            "ERROR org.daqstream.discovery: key announce = 'perhaps' must be one of true, yes, on,"
                + " 1, false, no, off, 0, in any case; the old configuration stays"),
        LogLines.with("ERROR"));
    discovery.deactivate();
  }

  @Test
  public void wrongValuesAreRefused() {
    assertRefused("announce", "maybe");
    assertRefused("browse", "2");
    assertRefused("name", "x".repeat(201));
    assertRefused("instanceName", "ä".repeat(32));
    assertRefused("model", "a\u001bb");
    assertRefused("properties", "location");
    assertRefused("properties", "=x");
    assertRefused("properties", "ö=x");
    assertRefused("properties", "caps=WS");
    assertRefused("properties", "SerialNumber=1");
    assertRefused("properties", "k=" + "v".repeat(254));
    String most = String.join(",", Collections.nCopies(24, "k=" + "v".repeat(248)));
    assertEquals(24, of(Map.of("properties", most)).properties().size());
    String more = most + ",k=v";
    assertThrows(IllegalArgumentException.class, () -> of(Map.of("properties", more)));
    assertRefused("interfaces", "eth0 eth1");
    assertRefused("interfaces", "!");
    assertRefused("interfaces", "300.0.0.1");
    assertRefused("interfaces", "1:2");
  }
}
