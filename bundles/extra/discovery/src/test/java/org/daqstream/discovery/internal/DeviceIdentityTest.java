/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.daqstream.config.support.Values;
import org.daqstream.mdns.DnsName;
import org.daqstream.mdns.Publication;
import org.junit.Test;

/** Service type, names and keys are those that openDAQ clients read (protocol section 6). */
public class DeviceIdentityTest {
  private static Publication publication(Map<String, ?> configuration, String server, String url) {
    return new DeviceIdentity(Settings.of(Values.of(Discovery.Config.class, configuration)), "lab7")
        .publication(ServerEndpoint.of(server, List.of("http://0.0.0.0:1/", url)).orElseThrow());
  }

  @Test
  public void configuredDeviceIsTold() {
    Publication told =
        publication(
            Map.of(
                "manufacturer", "ACME",
                "model", "DAQ 9",
                "serialNumber", "4711",
                "name", "Engine bench",
                "properties", "location=Lab 3"),
            "default",
            "ws://0.0.0.0:7414/stream");
    assertEquals(DnsName.of("_streaming-lt._tcp.local"), told.type());
    assertEquals("ACME_4711", told.instance());
    assertEquals("ACME_4711", told.host());
    assertEquals(7414, told.port());
    assertEquals(
        List.of(
            "caps=LT",
            "path=/stream",
            "protocolVersion=",
            "name=Engine bench",
            "manufacturer=ACME",
            "model=DAQ 9",
            "serialNumber=4711",
            "location=Lab 3"),
        told.text());
    assertEquals(Optional.empty(), told.only());
  }

  @Test
  public void withoutConfigurationHostAndPortTellWhichOneItIs() {
    Publication told = publication(Map.of(), "default", "ws://[::]:7514/");
    assertEquals("daqstream_lab7-7514", told.instance());
    assertEquals(
        List.of(
            "caps=LT",
            "path=/",
            "protocolVersion=",
            "name=lab7",
            "manufacturer=daqstream",
            "model=streaming server",
            "serialNumber=lab7-7514"),
        told.text());
    assertEquals("numbered when it is taken", "serialNumber", told.numberedKey());
  }

  @Test
  public void serversOfOneHostAreDifferentDevices() {
    Map<String, String> configuration = Map.of("manufacturer", "ACME", "serialNumber", "4711");
    Publication second = publication(configuration, "two", "ws://0.0.0.0:7514/");
    assertEquals("ACME_4711-two", second.instance());
    assertEquals("ACME_4711-two", second.host());
    assertTrue(second.text().contains("serialNumber=4711-two"));
    assertTrue(second.text().contains("name=lab7-two"));
    assertEquals("", second.numberedKey());
  }

  @Test
  public void instanceMayHaveAnyNameAndTheHostMayNot() {
    Publication told =
        publication(
            Map.of("instanceName", "Prüfstand 3 (ACME Inc.)", "manufacturer", "ACME Inc."),
            "default",
            "ws://0.0.0.0:7414/");
    assertEquals("Prüfstand 3 (ACME Inc.)", told.instance());
    assertEquals("ACME-Inc-_lab7-7414", told.host());
  }

  @Test
  public void longNamesAreCutToLabels() {
    Publication told =
        publication(
            Map.of("manufacturer", "ä".repeat(100), "serialNumber", "9"),
            "default",
            "ws://0.0.0.0:7414/");
    assertTrue(told.instance().getBytes(UTF_8).length <= 63);
    assertTrue(told.host().getBytes(UTF_8).length <= 63);
  }

  /** A string of a packet has at most 255 bytes, whatever the file of the server is called. */
  @Test
  public void longServerNamesAreCutToStrings() {
    Publication told =
        publication(
            Map.of("name", "ä".repeat(100), "serialNumber", "9".repeat(200)),
            "s".repeat(90),
            "ws://0.0.0.0:7414/");
    assertTrue(told.text().stream().allMatch(text -> text.getBytes(UTF_8).length <= 255));
    assertTrue(told.text().toString(), told.text().contains("model=streaming server"));
  }

  @Test
  public void serverThatCannotBeToldIsRefused() {
    String longPath = "ws://0.0.0.0:7414/" + "p".repeat(250);
    for (String url : List.of(longPath, "ws://no_name:7414/")) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class, () -> ServerEndpoint.of("default", List.of(url)));
      assertTrue(e.getMessage(), e.getMessage().contains(url));
    }
  }

  @Test
  public void serverOfOneAddressKeepsToIt() throws Exception {
    Publication told = publication(Map.of(), "default", "ws://[fd00::7]:7414/");
    assertEquals(Optional.of(InetAddress.getByName("fd00::7")), told.only());
  }

  @Test
  public void serverWithoutWebSocketIsNotTold() {
    assertEquals(Optional.empty(), ServerEndpoint.of("default", List.of("http://0.0.0.0:1/")));
  }
}
