/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.base.support.ForeignText;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.shell.internal.Arguments;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.CommandException;
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
          .column(
              ">SIGNALS",
              "signalIds",
              row -> row.status().signalIds(),
              row -> row.status().signalIds().size())
          .column(
              ">RATE",
              "sentBytesPerSecond",
              Row::sentBytesPerSecond,
              row -> Format.byteRate(row.sentBytesPerSecond()))
          .column(
              ">LAG",
              "lagPercent",
              row -> row.status().lagPercent(),
              row -> row.status().lagPercent() + " %")
          .column(
              ">SENT",
              "sentBytes",
              row -> row.status().sentBytes(),
              row -> Format.bytes(row.status().sentBytes()))
          .column(">PACKETS", "deliveredPackets", row -> row.status().deliveredPackets())
          .column(
              ">PENDING",
              "pendingBytes",
              row -> row.status().pendingBytes(),
              row -> Format.bytes(row.status().pendingBytes()))
          .column(
              "CONNECTED",
              "connectedAt",
              row -> row.status().connectedAt(),
              row -> Format.seconds(row.status().connectedAt()))
          .column("AGENT", "userAgent", row -> row.status().userAgent());

  private final Services services;

  /** Creates the command. */
  public ListClients(Services services) {
    super(
        "signal:clients",
        "Lists the connected clients; of one, told by name or address, also what"
            + " it subscribed to.",
        Syntax.of("[CLIENT]").option(Interval.OPTION, Interval.VALUE, Interval.MEANING).json());
    this.services = services;
  }

  @Override
  protected void execute(Arguments arguments, PrintStream out, PrintStream err)
      throws CommandException, InterruptedException {
    final long intervalMs = Interval.of(arguments);
    final Map<String, Long> before = new HashMap<>();
    final long since = services.nanoTime();
    if (intervalMs > 0) {
      new Clients(services).all().forEach(each -> before.put(key(each), each.status().sentBytes()));
      services.pause(intervalMs);
    }
    final Clients clients = new Clients(services);
    final double seconds = (services.nanoTime() - since) / 1e9;
    final List<Clients.Connected> shown =
        arguments.words().isEmpty() ? clients.all() : List.of(clients.get(arguments.word(0)));
    final List<Row> rows =
        shown.stream().map(each -> row(each, before.get(key(each)), seconds)).toList();
    LISTING.print(arguments, rows, "no client is connected", out, err);
    if (!arguments.words().isEmpty() && !arguments.json()) {
      out.println();
      rows.get(0).status().signalIds().forEach(id -> out.println(ForeignText.plain(id)));
    }
  }

  private static String key(Clients.Connected client) {
    return client.server().name() + " " + client.status().name();
  }

  private static Row row(Clients.Connected client, Long sentBefore, double seconds) {
    return new Row(client, Interval.rate(sentBefore, client.status().sentBytes(), seconds));
  }

  @Override
  protected List<String> candidates(List<String> words) {
    return words.isEmpty() ? Clients.names(services) : List.of();
  }
}
