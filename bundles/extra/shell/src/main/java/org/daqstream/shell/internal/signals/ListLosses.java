/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.util.List;
import org.daqstream.sample.support.Format;
import org.daqstream.server.api.Loss;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;

/** {@code signal:losses}. */
public final class ListLosses {
  private record Row(ServerMonitor server, Loss loss) {}

  private static final Listing<Row> LISTING =
      new Listing<Row>()
          .column("SERVER", "server", row -> row.server().name())
          .column("CLIENT", "client", row -> row.loss().client())
          .column("SIGNAL", "signalId", row -> row.loss().signalId())
          .column(">FROM ROW", "fromRow", row -> row.loss().fromRow())
          .column(">TO ROW", "toRow", row -> row.loss().toRow())
          .column(">FROM TICK", "fromTick", row -> row.loss().fromTick())
          .column(">TO TICK", "toTick", row -> row.loss().toTick())
          .column("AT", "at", row -> row.loss().at(), Format::seconds)
          .column("WHY", "reason", row -> row.loss().reason());

  private ListLosses() {}

  public static DeclaredCommand command(Services services) {
    return new DeclaredCommand(
        "signal:losses",
        "Lists what clients did not get because they read too slowly, the newest at the end.",
        Syntax.of().json(),
        call -> list(services, call));
  }

  private static void list(Services services, Call call) {
    List<Row> rows =
        services.servers().stream()
            .flatMap(server -> server.losses().stream().map(loss -> new Row(server, loss)))
            .toList();
    LISTING.print(call, rows, "no client has lost anything");
  }
}
