/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import java.util.List;
import java.util.Locale;
import org.daqstream.sample.support.Format;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.stream.api.module.ModuleStatus;

/** {@code module:list}. */
public final class ListModules {
  private static final double NANOS_PER_SECOND = 1e9;

  private static final Listing<ModuleStatus> LISTING =
      new Listing<ModuleStatus>()
          .column("INSTANCE", "instance", ModuleStatus::instance)
          .column("KIND", "kind", ModuleStatus::kind)
          .column("STATE", "state", each -> each.state().name().toLowerCase(Locale.ROOT))
          .column(">PROCESS", "processId", ListModules::processId)
          .column("USER", "user", each -> each.user().isEmpty() ? null : each.user())
          .column(">MEMORY", "memoryBytes", ListModules::memory, ListModules::bytes)
          .column(">BUSY", "busySeconds", ListModules::busySeconds, ListModules::seconds)
          .column(">EVENTS", "events", ModuleStatus::events)
          .column(">FAILURES", "failures", ModuleStatus::failures)
          .column(">UPDATES", "updates", ModuleStatus::updates)
          .detail("file", ModuleStatus::file)
          .column("REASON", "reason", ModuleStatus::reason);

  private ListModules() {}

  public static DeclaredCommand command(Services services) {
    return new DeclaredCommand(
        "module:list",
        "Lists the module instances that are no bundles, and what they take.",
        Syntax.of("[INSTANCE]")
            .first(() -> services.modules().stream().map(ModuleStatus::instance).toList())
            .json(),
        call -> execute(services, call));
  }

  private static void execute(Services services, Call call) {
    List<ModuleStatus> all = services.modules();
    List<ModuleStatus> some =
        all.stream().filter(each -> each.instance().contains(call.word(0))).toList();
    String none = all.isEmpty() ? "there are none" : "none of " + all.size() + " modules";
    LISTING.print(call, some, none);
  }

  private static Long processId(ModuleStatus status) {
    return status.processId() == 0 ? null : status.processId();
  }

  private static Long memory(ModuleStatus status) {
    return status.memoryBytes() < 0 ? null : status.memoryBytes();
  }

  private static String bytes(Long bytes) {
    return bytes == null ? null : Format.bytes(bytes);
  }

  private static Double busySeconds(ModuleStatus status) {
    return status.busyNanos() < 0 ? null : status.busyNanos() / NANOS_PER_SECOND;
  }

  private static String seconds(Double seconds) {
    return seconds == null ? null : Format.quantity(seconds, "s");
  }
}
