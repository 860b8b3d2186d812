/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.io.PrintStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.shell.internal.Arguments;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Format;
import org.daqstream.shell.internal.Json;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.shell.internal.Table;

/** {@code signal:clients}. */
public final class ListClients extends Command {
  private record Row(
      String server,
      String streamId,
      String address,
      String profile,
      String userAgent,
      Instant connectedAt,
      List<String> signalIds,
      Long sentBytesPerSecond,
      int lagPercent,
      long sentBytes,
      long deliveredPackets,
      int pendingBytes) {}

  private final Services services;

  /** Creates the command. */
  public ListClients(Services services) {
    super(
        "signal:clients",
        "Lists the connected clients; of one, told by id, the beginning of it or address, also what"
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
    if (arguments.json()) {
      Json.print(out, rows);
    } else if (rows.isEmpty()) {
      err.println("no client is connected");
    } else {
      print(rows, out);
      if (!arguments.words().isEmpty()) {
        out.println();
        rows.get(0).signalIds().forEach(id -> out.println(Format.plain(id)));
      }
    }
  }

  private static String key(Clients.Connected client) {
    return client.server().name() + " " + client.status().streamId();
  }

  private static Row row(Clients.Connected client, Long sentBefore, double seconds) {
    final ClientStatus status = client.status();
    return new Row(
        client.server().name(),
        status.streamId(),
        client.address(),
        status.profile(),
        status.userAgent(),
        status.connectedAt(),
        status.signalIds(),
        sentBefore == null ? null : Math.round((status.sentBytes() - sentBefore) / seconds),
        status.lagPercent(),
        status.sentBytes(),
        status.deliveredPackets(),
        status.pendingBytes());
  }

  private static void print(List<Row> rows, PrintStream out) {
    final Table table =
        new Table(
            "SERVER",
            "CLIENT",
            "ADDRESS",
            "PROFILE",
            ">SIGNALS",
            ">RATE",
            ">LAG",
            ">SENT",
            ">PACKETS",
            ">PENDING",
            "CONNECTED",
            "AGENT");
    for (final Row row : rows) {
      table.add(
          row.server(),
          row.streamId(),
          row.address(),
          row.profile(),
          row.signalIds().size(),
          row.sentBytesPerSecond() == null ? null : Format.byteRate(row.sentBytesPerSecond()),
          row.lagPercent() + " %",
          Format.bytes(row.sentBytes()),
          row.deliveredPackets(),
          Format.bytes(row.pendingBytes()),
          Format.seconds(row.connectedAt()),
          row.userAgent());
    }
    table.print(out);
  }

  @Override
  protected List<String> candidates(List<String> words) {
    return words.isEmpty() ? Clients.names(services) : List.of();
  }
}
