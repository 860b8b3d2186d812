/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.io.PrintStream;
import java.util.List;
import org.daqstream.shell.internal.Arguments;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalState;

/** {@code signal:list}. */
public final class ListSignals extends Command {
  private static final String UNAVAILABLE = "--unavailable";

  private record Row(SignalState state, SignalDescriptor domain, String text) {
    SignalDescriptor signal() {
      return state.descriptor();
    }
  }

  private static final Listing<Row> LISTING =
      new Listing<Row>()
          .column("SIGNAL", "signalId", row -> row.signal().signalId())
          .detail("name", row -> row.signal().name())
          .column("TYPE", "dataType", row -> row.signal().dataType())
          .column("UNIT", "unit", row -> row.signal().unit().symbol())
          .column(
              "RATE",
              "rateHz",
              row -> Signals.rateHz(row.domain()),
              row -> Signals.rate(row.domain()))
          .detail("domain", row -> Signals.isDomain(row.state()))
          .column(
              "TIME",
              "tableId",
              row -> row.state().tableId(),
              row -> Signals.isDomain(row.state()) ? "is a domain" : row.state().tableId())
          .column("STATE", "available", row -> row.state().available(), Row::text)
          .detail("reason", row -> row.state().reason())
          .detail("public", row -> row.signal().isPublic());

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
    final List<Row> shown =
        signals.all().stream()
            .filter(state -> matches(state.descriptor(), arguments.word(0)))
            .filter(state -> !(arguments.has(UNAVAILABLE) && signals.isOffered(state)))
            .map(state -> new Row(state, signals.domainOf(state), signals.stateText(state)))
            .toList();
    LISTING.print(arguments, shown, "none of " + signals.all().size() + " signals", out, err);
  }

  private static boolean matches(SignalDescriptor signal, String part) {
    return signal.signalId().contains(part) || signal.name().contains(part);
  }

  @Override
  protected List<String> candidates(List<String> words) {
    return words.isEmpty() ? Signals.ids(services, true) : List.of();
  }
}
