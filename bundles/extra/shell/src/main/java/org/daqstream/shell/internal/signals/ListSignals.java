/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.util.List;
import org.daqstream.sample.support.SignalFacts;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalState;

/** {@code signal:list}. */
public final class ListSignals {
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
          .detail("rateHz", row -> SignalFacts.rateHz(row.domain()))
          .text("RATE", row -> SignalFacts.rate(row.domain()))
          .detail("domain", row -> Signals.isDomain(row.state()))
          .detail("tableId", row -> row.state().tableId())
          .text(
              "TIME", row -> Signals.isDomain(row.state()) ? "is a domain" : row.state().tableId())
          .detail("available", row -> row.state().available())
          .text("STATE", Row::text)
          .detail("reason", row -> row.state().reason())
          .detail("public", row -> row.signal().isPublic());

  private ListSignals() {}

  public static DeclaredCommand command(Services services) {
    return new DeclaredCommand(
        "signal:list",
        "Lists the published signals; PART is a part of their id or name.",
        Syntax.of("[PART]")
            .first(() -> Signals.ids(services))
            .flag(UNAVAILABLE, "only those that are not offered to clients")
            .json(),
        call -> execute(services, call));
  }

  private static void execute(Services services, Call call) {
    Signals signals = new Signals(services);
    List<Row> shown =
        signals.all().stream()
            .filter(state -> matches(state.descriptor(), call.word(0)))
            .filter(state -> !(call.has(UNAVAILABLE) && signals.isOffered(state)))
            .map(state -> new Row(state, signals.domainOf(state), signals.stateText(state)))
            .toList();
    LISTING.print(call, shown, "none of " + signals.all().size() + " signals");
  }

  private static boolean matches(SignalDescriptor signal, String part) {
    return signal.signalId().contains(part) || signal.name().contains(part);
  }
}
