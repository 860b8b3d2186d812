/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.io.PrintStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.daqstream.discovery.api.Device;
import org.daqstream.shell.internal.Arguments;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Json;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.shell.internal.Table;

/** {@code signal:discover}. */
public final class DiscoverDevices extends Command {
  private static final String SECONDS = "--seconds";
  private static final long DEFAULT_MS = 2_000;
  private static final long MOST_MS = 60_000;

  private record Row(
      String instance,
      String name,
      String manufacturer,
      String model,
      String serialNumber,
      String host,
      int port,
      String path,
      List<String> addresses,
      List<String> urls,
      Set<String> capabilities,
      Map<String, String> properties) {}

  private final Services services;

  /** Creates the command. */
  public DiscoverDevices(Services services) {
    super(
        "signal:discover",
        "Lists the streaming devices on the local networks, a line for each of their addresses.",
        Syntax.of().option(SECONDS, "S", "how long to wait for answers (2)").json());
    this.services = services;
  }

  @Override
  protected void execute(Arguments arguments, PrintStream out, PrintStream err)
      throws CommandException, InterruptedException {
    final Duration wait = Duration.ofMillis(arguments.milliseconds(SECONDS, DEFAULT_MS, MOST_MS));
    final List<Device> devices = services.devices().browse(wait);
    if (arguments.json()) {
      Json.print(out, devices.stream().map(DiscoverDevices::row).toList());
      return;
    }
    final Table table = new Table("NAME", "MANUFACTURER", "MODEL", "SERIAL NUMBER", "ADDRESS");
    for (final Device device : devices) {
      for (final String url : device.urls()) {
        table.add(device.name(), device.manufacturer(), device.model(), device.serialNumber(), url);
      }
    }
    table.print(out);
  }

  private static Row row(Device device) {
    return new Row(
        device.instance(),
        device.name(),
        device.manufacturer(),
        device.model(),
        device.serialNumber(),
        device.host(),
        device.port(),
        device.path(),
        device.addresses().stream().map(InetAddress::getHostAddress).toList(),
        device.urls(),
        new TreeSet<>(device.capabilities()),
        new TreeMap<>(device.properties()));
  }
}
