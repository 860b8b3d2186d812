/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.daqstream.discovery.api.Device;
import org.daqstream.sample.support.Json;
import org.daqstream.sample.support.Table;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;

/** {@code signal:discover}. */
public final class DiscoverDevices {
  private static final String SECONDS = "--seconds";
  private static final long DEFAULT_MS = 2_000;
  private static final long MOST_MS = 60_000;

  private static final Listing<Device> DETAILS =
      new Listing<Device>()
          .detail("instance", Device::instance)
          .detail("name", Device::name)
          .detail("manufacturer", Device::manufacturer)
          .detail("model", Device::model)
          .detail("serialNumber", Device::serialNumber)
          .detail("host", Device::host)
          .detail("port", Device::port)
          .detail("path", Device::path)
          .detail("addresses", DiscoverDevices::addresses)
          .detail("urls", Device::urls)
          .detail("capabilities", device -> new TreeSet<>(device.capabilities()))
          .detail("properties", device -> new TreeMap<>(device.properties()));

  private DiscoverDevices() {}

  public static DeclaredCommand command(Services services) {
    return new DeclaredCommand(
        "signal:discover",
        "Lists the streaming devices on the local networks, a line for each of their addresses.",
        Syntax.of().option(SECONDS, "S", "how long to wait for answers (2)").json(),
        call -> execute(services, call));
  }

  private static void execute(Services services, Call call) throws InterruptedException {
    Duration wait = Duration.ofMillis(call.milliseconds(SECONDS, DEFAULT_MS, MOST_MS));
    List<Device> devices = services.devices().browse(wait);
    if (call.json()) {
      Json.print(call.out(), DETAILS.documents(devices));
      return;
    }
    Table table = new Table("NAME", "MANUFACTURER", "MODEL", "SERIAL NUMBER", "ADDRESS");
    for (Device device : devices) {
      for (String url : device.urls()) {
        table.add(device.name(), device.manufacturer(), device.model(), device.serialNumber(), url);
      }
    }
    table.print(call.out());
  }

  private static List<String> addresses(Device device) {
    return device.addresses().stream().map(InetAddress::getHostAddress).toList();
  }
}
