/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.base.support.ForeignText;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.Format;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;

/** {@code signal:clients}. */
public final class ListClients extends Command {
  private record Row(Clients.Connected client, Long sentBytesPerSecond) {
    ClientStatus status() {
      return client.status();
    }
  }

  private static final Listing<Row> LISTING =
      new Listing<Row>()
          .column("SERVER", "server", row -> row.client().server().name())
          .column("CLIENT", "name", row -> row.status().name())
          .column("ADDRESS", "address", row -> row.client().address())
          .column("PROFILE", "profile", row -> row.status().profile())
          .column(">SIGNALS", "signalIds", row -> row.status().signalIds(), List::size)
          .column(">RATE", "sentBytesPerSecond", Row::sentBytesPerSecond, Format::byteRate)
          .column(">LAG", "lagPercent", row -> row.status().lagPercent(), lag -> lag + " %")
          .column(">SENT", "sentBytes", row -> row.status().sentBytes(), Format::bytes)
          .column(">PACKETS", "deliveredPackets", row -> row.status().deliveredPackets())
          .column(
              ">PENDING", "pendingBytes", row -> (long) row.status().pendingBytes(), Format::bytes)
          .column("CONNECTED", "connectedAt", row -> row.status().connectedAt(), Format::seconds)
          .column("AGENT", "userAgent", row -> row.status().userAgent());

  private final Services services;

  public ListClients(Services services) {
    super(
        "signal:clients",
        "Lists the connected clients; of one, told by name or address, also what it subscribed to.",
        Syntax.of("[CLIENT]")
            .first(() -> Clients.names(services))
            .option(Interval.OPTION, Interval.VALUE, Interval.MEANING)
            .json());
    this.services = services;
  }

  @Override
  protected void execute(Call call) throws InterruptedException {
    final long intervalMs = Interval.of(call);
    final Map<String, ClientStatus> before = new HashMap<>();
    final long since = services.nanoTime();
    if (intervalMs > 0) {
      new Clients(services).all().forEach(each -> before.put(key(each), each.status()));
      services.pause(intervalMs);
    }
    final Clients clients = new Clients(services);
    final double seconds = (services.nanoTime() - since) / 1e9;
    final List<Clients.Connected> shown =
        call.words().isEmpty() ? clients.all() : List.of(clients.get(call.word(0)));
    final List<Row> rows =
        shown.stream().map(each -> row(each, before.get(key(each)), seconds)).toList();
    LISTING.print(call, rows, "no client is connected");
    if (!call.words().isEmpty() && !call.json()) {
      call.out().println();
      rows.get(0).status().signalIds().forEach(id -> call.out().println(ForeignText.plain(id)));
    }
  }

  private static String key(Clients.Connected client) {
    return client.server().name() + " " + client.status().name();
  }

  private static Row row(Clients.Connected client, ClientStatus before, double seconds) {
    return new Row(
        client, Interval.rate(before, ClientStatus::sentBytes, client.status(), seconds));
  }
}
