/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.shell.internal.Arguments;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Json;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.shell.internal.Table;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalState;

/** {@code signal:list}. */
public final class ListSignals extends Command {
  private static final String UNAVAILABLE = "--unavailable";

  private record Row(
      String signalId,
      String name,
      String dataType,
      boolean domain,
      String tableId,
      Double rateHz,
      String unit,
      boolean available,
      String reason) {}

  private final Services services;

  /** Creates the command. */
  public ListSignals(Services services) {
    super(
        "signal:list",
        "Lists the published signals; PART is a part of their id or name.",
        Syntax.of("[PART]").flag(UNAVAILABLE, "only those that are not offered to clients").json());
    this.services = services;
  }

  @Override
  protected void execute(Arguments arguments, PrintStream out, PrintStream err)
      throws CommandException {
    final Signals signals = new Signals(services);
    final List<SignalState> shown =
        signals.all().stream()
            .filter(state -> matches(state.descriptor(), arguments.word(0)))
            .filter(state -> !(arguments.has(UNAVAILABLE) && state.available()))
            .toList();
    if (arguments.json()) {
      Json.print(out, shown.stream().map(state -> row(signals, state)).toList());
    } else if (shown.isEmpty()) {
      err.println("none of " + signals.all().size() + " signals");
    } else {
      final Table table = new Table("SIGNAL", "TYPE", "UNIT", "RATE", "TIME", "STATE");
      shown.forEach(state -> add(table, signals, state));
      table.print(out);
    }
  }

  private static boolean matches(SignalDescriptor signal, String part) {
    return signal.signalId().contains(part) || signal.name().contains(part);
  }

  private static void add(Table table, Signals signals, SignalState state) {
    final SignalDescriptor signal = state.descriptor();
    table.add(
        signal.signalId(),
        signal.dataType(),
        signal.unit().symbol(),
        Signals.rate(signals.domainOf(state)),
        Signals.isDomain(state) ? "is a domain" : state.tableId(),
        state.available() ? "available" : "unavailable: " + state.reason());
  }

  private static Row row(Signals signals, SignalState state) {
    final SignalDescriptor signal = state.descriptor();
    return new Row(
        signal.signalId(),
        signal.name(),
        signal.dataType(),
        Signals.isDomain(state),
        state.tableId(),
        Signals.rateHz(signals.domainOf(state)),
        signal.unit().symbol(),
        state.available(),
        state.reason());
  }

  @Override
  protected List<String> candidates(List<String> words) {
    return words.isEmpty() ? new ArrayList<>(Signals.ids(services, true)) : List.of();
  }
}
