/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.daqstream.discovery.api.Device;
import org.daqstream.mdns.FoundInstance;
import org.junit.Test;

/** What programs get to read of the network. */
public class DevicesTest {
  private static FoundInstance found(String instance, String... text) throws Exception {
    return new FoundInstance(
        instance,
        "acme.local",
        7414,
        List.of(InetAddress.getByName("10.0.0.2"), InetAddress.getByName("fe80::2")),
        List.of(text));
  }

  @Test
  public void keysAreReadHoweverTheyAreWritten() throws Exception {
    Device device =
        Devices.of(
                List.of(
                    found(
                        "a_1",
                        "caps=LT,OPENDAQ",
                        "PATH=/s",
                        "NAME=Bench",
                        "serialnumber=47",
                        "Location=x",
                        "flag")))
            .get(0);
    assertEquals("Bench", device.name());
    assertEquals("47", device.serialNumber());
    assertEquals(Set.of("LT", "OPENDAQ"), device.capabilities());
    assertEquals("x", device.properties().get("Location"));
    assertEquals("", device.properties().get("flag"));
    assertEquals(
        List.of("ws://10.0.0.2:7414/s", "ws://[fe80:0:0:0:0:0:0:2]:7414/s"), device.urls());
  }

  /** Required or the device is dropped, says protocol section 6; hidden ones are not listed. */
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
    String all = device.toString();
    assertFalse(all.contains("\u001b") || all.contains("\u0007") || all.contains("\u202e"));
    assertEquals("the first one counts", "a", device.model());
  }
}
