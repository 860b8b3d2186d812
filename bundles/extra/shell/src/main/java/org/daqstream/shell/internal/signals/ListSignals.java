/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.sample.support.SignalFacts;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.relay.RelayStatus;
import org.daqstream.signal.api.relay.RelayStatus.RelayedSignal;
import org.daqstream.signal.api.relay.SignalRelay;

/** {@code signal:list}. */
public final class ListSignals {
  private static final String UNAVAILABLE = "--unavailable";

  private record Row(
      SignalState state, SignalDescriptor domain, String text, RelayedSignal relayed) {
    SignalDescriptor signal() {
      return state.descriptor();
    }
  }

  /** Where signals come from is told where there are any that do. */
  private static Listing<Row> listing(boolean hasRelays) {
    Listing<Row> listing =
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
                "TIME",
                row -> Signals.isDomain(row.state()) ? "is a domain" : row.state().tableId());
    if (hasRelays) {
      listing
          .column("FROM", "from", row -> row.relayed() == null ? "" : row.relayed().from())
          .detail("behindMs", row -> behindMs(row.relayed()))
          .text(">BEHIND", row -> behind(row.relayed()));
    }
    return listing
        .detail("available", row -> row.state().available())
        .text("STATE", Row::text)
        .detail("reason", row -> row.state().reason())
        .detail("public", row -> row.signal().isPublic());
  }

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
    Map<String, RelayedSignal> relayed = relayed(services);
    List<Row> shown =
        signals.all().stream()
            .filter(state -> matches(state.descriptor(), call.word(0)))
            .filter(state -> !(call.has(UNAVAILABLE) && signals.isOffered(state)))
            .map(
                state ->
                    new Row(
                        state,
                        signals.domainOf(state),
                        signals.stateText(state),
                        relayed.get(state.descriptor().signalId())))
            .toList();
    listing(!relayed.isEmpty()).print(call, shown, "none of " + signals.all().size() + " signals");
  }

  /** The signals that have come from other runtimes, by id. */
  private static Map<String, RelayedSignal> relayed(Services services) {
    Map<String, RelayedSignal> relayed = new HashMap<>();
    services.relays().stream()
        .map(SignalRelay::status)
        .filter(relay -> relay.direction() == RelayStatus.Direction.IN)
        .forEach(relay -> relay.signals().forEach(each -> relayed.put(each.signalId(), each)));
    return relayed;
  }

  private static Long behindMs(RelayedSignal relayed) {
    return relayed == null || relayed.behindMs() == RelayStatus.UNKNOWN ? null : relayed.behindMs();
  }

  private static String behind(RelayedSignal relayed) {
    Long behindMs = behindMs(relayed);
    return behindMs == null ? "" : behindMs + " ms";
  }

  private static boolean matches(SignalDescriptor signal, String part) {
    return signal.signalId().contains(part) || signal.name().contains(part);
  }
}
