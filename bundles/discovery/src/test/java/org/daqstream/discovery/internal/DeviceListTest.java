/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.discovery.api.Device;
import org.daqstream.discovery.internal.mdns.FoundInstance;
import org.junit.Test;

/** What people and programs get to read of the network. */
public class DeviceListTest {
  private static FoundInstance found(String instance, String... text) throws Exception {
    return new FoundInstance(
        instance,
        "acme.local",
        7414,
        List.of(InetAddress.getByName("10.0.0.2"), InetAddress.getByName("fe80::2")),
        List.of(text));
  }

  private static final String[] ACME = {
    "caps=LT,OPENDAQ", "path=/s", "NAME=Bench", "manufacturer=ACME", "serialnumber=47", "location=x"
  };

  @Test
  public void tableHasALineForEachAddress() throws Exception {
    List<Device> devices = Devices.of(List.of(found("z_1", "caps=WS"), found("a_1", ACME)));
    assertEquals(
        """
        NAME   MANUFACTURER  MODEL  SERIAL NUMBER  ADDRESS
        Bench  ACME                 47             ws://10.0.0.2:7414/s
                                                   ws://[fe80:0:0:0:0:0:0:2]:7414/s
        z_1                                        ws://10.0.0.2:7414/
                                                   ws://[fe80:0:0:0:0:0:0:2]:7414/""",
        DeviceList.table(devices));
  }

  @Test
  public void jsonHasEverything() throws Exception {
    String json = DeviceList.json(Devices.of(List.of(found("a_1", ACME))));
    for (String part :
        List.of(
            "\"instance\":\"a_1\"",
            "\"name\":\"Bench\"",
            "\"serialNumber\":\"47\"",
            "\"port\":7414",
            "\"path\":\"/s\"",
            "\"addresses\":[\"10.0.0.2\",\"fe80:0:0:0:0:0:0:2\"]",
            "\"capabilities\":[\"LT\",\"OPENDAQ\"]",
            "\"location\":\"x\"")) {
      assertTrue(part + " in " + json, json.contains(part));
    }
    assertEquals("[]", DeviceList.json(List.of()));
  }

  /** Required or the device is dropped, says reference 8; hidden ones are not listed. */
  @Test
  public void deviceWithoutStreamingOrHiddenIsNotListed() throws Exception {
    assertEquals(
        List.of(),
        Devices.of(
            List.of(
                found("a"),
                found("b", "caps=TMS"),
                found("c", "path=/", "hidden"),
                found("d", "caps=LT", "hidden=True"))));
  }

  @Test
  public void nobodySteersTheTerminal() throws Exception {
    Device device =
        Devices.of(
                List.of(
                    found(
                        "evil\u001b[2J\n",
                        "caps=LT,LT,,LT",
                        "name=\u202egnp\u0007",
                        "=x",
                        "\u001b]0;x=y",
                        "model=a",
                        "model=b")))
            .get(0);
    String all = device + DeviceList.table(List.of(device)) + DeviceList.json(List.of(device));
    assertFalse(all.contains("\u001b") || all.contains("\u0007") || all.contains("\u202e"));
    assertEquals("the first one counts", "a", device.model());
  }

  @Test
  public void longTextsDoNotBreakTheTable() throws Exception {
    Device device = Devices.of(List.of(found("x", "caps=LT", "name=" + "n".repeat(240)))).get(0);
    assertTrue(DeviceList.table(List.of(device)).contains("n".repeat(39) + "…  "));
  }

  @Test
  public void commandTakesItsOptions() throws Exception {
    List<Duration> waited = new ArrayList<>();
    List<Device> devices = Devices.of(List.of(found("a_1", ACME)));
    DiscoverCommand command =
        new DiscoverCommand(
            duration -> {
              waited.add(duration);
              return devices;
            });
    assertEquals(DeviceList.table(devices), command.discover());
    assertEquals(DeviceList.json(devices), command.discover("--json", "--timeout", "0.5"));
    assertEquals(List.of(Duration.ofSeconds(2), Duration.ofMillis(500)), waited);
    assertTrue(command.discover("--help").contains("--timeout SECONDS"));
    for (String[] wrong :
        List.of(
            new String[] {"--timeout"},
            new String[] {"--timeout", "61"},
            new String[] {"--timeout", "NaN"},
            new String[] {"-x"})) {
      assertThrows(IllegalArgumentException.class, () -> command.discover(wrong));
    }
  }

  @Test
  public void emptyNetworkIsSaid() {
    assertEquals("no device found", DeviceList.table(List.of()));
  }
}
