/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.util.List;
import java.util.Locale;
import org.daqstream.sample.support.Format;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.signal.api.relay.RelayStatus;
import org.daqstream.signal.api.relay.SignalRelay;

/** {@code signal:relays}. */
public final class ListRelays {
  private static final Listing<RelayStatus> LISTING =
      new Listing<RelayStatus>()
          .column("RELAY", "name", RelayStatus::name)
          .column("OVER", "kind", RelayStatus::kind)
          .column("WAY", "direction", each -> each.direction().name().toLowerCase(Locale.ROOT))
          .detail("peer", RelayStatus::peer)
          .text("CONNECTED TO", each -> each.peer().isEmpty() ? "-" : each.peer())
          .column(">SIGNALS", "signals", each -> each.signals().size())
          .column(">WANTED", "wanted", ListRelays::wanted)
          .column(">MESSAGES", "messages", RelayStatus::messages)
          .detail("blocks", RelayStatus::blocks)
          .column(">SAMPLES", "samples", RelayStatus::samples)
          .column(">BYTES", "bytes", RelayStatus::bytes, Format::bytes)
          .column(">MISSING", "missingSamples", RelayStatus::missingSamples)
          .column(">FILLED", "filledSamples", RelayStatus::filledSamples)
          .column("PROBLEM", "problem", RelayStatus::problem);

  private ListRelays() {}

  private static long wanted(RelayStatus relay) {
    return relay.signals().stream().filter(RelayStatus.RelayedSignal::isWanted).count();
  }

  public static DeclaredCommand command(Services services) {
    return new DeclaredCommand(
        "signal:relays",
        "Lists what brings signals of other runtimes here, or takes signals to others.",
        Syntax.of().json(),
        call -> {
          List<RelayStatus> rows = services.relays().stream().map(SignalRelay::status).toList();
          LISTING.print(call, rows, "no signals come from other runtimes, or go there");
        });
  }
}
