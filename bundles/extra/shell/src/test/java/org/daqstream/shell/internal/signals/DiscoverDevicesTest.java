/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.daqstream.discovery.api.Device;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.StubServices;
import org.junit.Before;
import org.junit.Test;

public class DiscoverDevicesTest {
  private final StubServices services = new StubServices();
  private final DeclaredCommand command = DiscoverDevices.command(services);
  private final List<Device> devices = new ArrayList<>();
  private final List<Duration> waited = new ArrayList<>();

  @Before
  public void setUp() {
    services.deviceBrowser =
        duration -> {
          waited.add(duration);
          return devices;
        };
  }

  private static Device device(String instance, Map<String, String> properties)
      throws UnknownHostException {
    return new Device(
        instance,
        "acme.local",
        7414,
        List.of(InetAddress.getByName("10.0.0.2"), InetAddress.getByName("fe80::2")),
        properties);
  }

  @Test
  public void aLineForEachAddressAndNoNameIsCut() throws Exception {
    String name = "n".repeat(60);
    devices.add(
        device("a_1", Map.of("name", name, "manufacturer", "ACME", "path", "/s", "caps", "LT")));
    devices.add(device("z_1", Map.of("caps", "WS")));
    String blanks = " ".repeat(56);
    assertEquals(
        "NAME"
            + blanks
            + "  MANUFACTURER  MODEL  SERIAL NUMBER  ADDRESS\n"
            + name
            + "  ACME          -      -              ws://10.0.0.2:7414/s\n"
            + name
            + "  ACME          -      -              ws://[fe80:0:0:0:0:0:0:2]:7414/s\n"
            + "z_1 "
            + blanks
            + "  -             -      -              ws://10.0.0.2:7414/\n"
            + "z_1 "
            + blanks
            + "  -             -      -              ws://[fe80:0:0:0:0:0:0:2]:7414/\n",
        services.run(command));
    assertEquals(List.of(Duration.ofSeconds(2)), waited);
  }

  @Test
  public void jsonHasEverything() throws Exception {
    devices.add(device("a_1", Map.of("serialNumber", "47", "caps", "OPENDAQ,LT", "location", "x")));
    assertEquals(
        "[\n{\"instance\":\"a_1\",\"name\":\"a_1\",\"manufacturer\":\"\",\"model\":\"\","
            + "\"serialNumber\":\"47\",\"host\":\"acme.local\",\"port\":7414,\"path\":\"/\","
            + "\"addresses\":[\"10.0.0.2\",\"fe80:0:0:0:0:0:0:2\"],"
            + "\"urls\":[\"ws://10.0.0.2:7414/\",\"ws://[fe80:0:0:0:0:0:0:2]:7414/\"],"
            + "\"capabilities\":[\"LT\",\"OPENDAQ\"],"
            + "\"properties\":{\"caps\":\"OPENDAQ,LT\",\"location\":\"x\",\"serialNumber\":\"47\"}}"
            + "\n]\n",
        services.run(command, "--json", "--seconds", "0.5"));
    assertEquals(List.of(Duration.ofMillis(500)), waited);
    devices.clear();
    assertEquals("[]\n", services.run(command, "--json"));
  }

  @Test
  public void whoCannotLookSaysWhy() {
    services.deviceBrowser = null;
    assertRefused("no discovery: the bundle org.daqstream.discovery is not active");
    services.deviceBrowser =
        duration -> {
          throw new IllegalStateException("browsing is off");
        };
    assertEquals(
        "browsing is off",
        assertThrows(IllegalStateException.class, () -> services.run(command)).getMessage());
  }

  private void assertRefused(String message) {
    assertEquals(
        message, assertThrows(CommandException.class, () -> services.run(command)).getMessage());
  }
}
