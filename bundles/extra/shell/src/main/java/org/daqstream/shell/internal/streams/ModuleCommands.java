/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.daqstream.sample.support.Format;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.stream.api.module.ModuleHost;
import org.daqstream.stream.api.module.ModuleTraffic;

/** {@code module:traffic} and {@code module:stop}. */
public final class ModuleCommands {
  private static final Listing<ModuleTraffic> LISTING =
      new Listing<ModuleTraffic>()
          .column("INSTANCE", "instance", ModuleTraffic::instance)
          .column("KIND", "kind", ModuleTraffic::kind)
          .column("PROGRAM", "program", ModuleTraffic::program)
          .column("SINCE", "since", module -> module.since().toString())
          .column(">RECEIVED", "received", ModuleTraffic::received)
          .column(">BYTES", "receivedBytes", ModuleTraffic::receivedBytes, Format::bytes)
          .column(">SENT", "sent", ModuleTraffic::sent)
          .column(">BYTES", "sentBytes", ModuleTraffic::sentBytes, Format::bytes)
          .column(">LOST", "lost", ModuleTraffic::lost);

  private ModuleCommands() {}

  public static DeclaredCommand traffic(Services services) {
    return new DeclaredCommand(
        "module:traffic",
        "Lists the module instances that are connected, in processes of their own for example, and"
            + " what they got and sent.",
        Syntax.of("[INSTANCE]").first(() -> instances(services)).json(),
        call -> traffic(services, call));
  }

  public static DeclaredCommand stop(Services services) {
    return new DeclaredCommand(
        "module:stop",
        "Asks a module instance that is connected to end, once it has processed its events.",
        Syntax.of("INSTANCE").first(() -> instances(services)).json(),
        call -> stop(services, call));
  }

  private static List<ModuleTraffic> all(Services services) {
    return services.moduleHosts().stream()
        .flatMap(host -> host.traffic().stream())
        .sorted(Comparator.comparing(ModuleTraffic::instance))
        .toList();
  }

  private static List<String> instances(Services services) {
    return all(services).stream().map(ModuleTraffic::instance).toList();
  }

  private static void traffic(Services services, Call call) {
    List<ModuleTraffic> all = all(services);
    List<ModuleTraffic> some =
        all.stream().filter(module -> module.instance().contains(call.word(0))).toList();
    LISTING.print(
        call, some, all.isEmpty() ? "none is connected" : "none of " + all.size() + " modules");
    long refused = services.moduleHosts().stream().mapToLong(ModuleHost::refused).sum();
    if (refused > 0 && !call.json()) {
      call.err().println(refused + " were turned away; the log says why");
    }
  }

  private static void stop(Services services, Call call) {
    String instance = call.word(0);
    if (services.moduleHosts().stream().noneMatch(host -> host.requestStop(instance))) {
      throw new CommandException(
          "there is no module '" + instance + "' that could be asked; module:traffic lists those");
    }
    call.tell(Map.of("asked", instance), "asked to end: " + instance);
  }
}
