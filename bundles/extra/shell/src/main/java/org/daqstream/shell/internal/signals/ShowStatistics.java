/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.api.ServerStatus;
import org.daqstream.server.api.ServerStatus.PublishCost;
import org.daqstream.server.api.SignalTraffic;
import org.daqstream.shell.internal.Arguments;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Format;
import org.daqstream.shell.internal.Json;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;

/** {@code signal:stats}. */
public final class ShowStatistics extends Command {
  private record SignalRow(SignalTraffic now, Long packetsPerSecond, Long bytesPerSecond) {}

  private static final Listing<SignalRow> SIGNALS =
      new Listing<SignalRow>()
          .column("SIGNAL", "signalId", row -> row.now().signalId())
          .column(">NUMBER", "signalNumber", row -> row.now().signalNumber())
          .column(">SUBSCRIBERS", "subscribers", row -> row.now().subscribers())
          .column(">END ROW", "endRow", row -> row.now().endRow())
          .column(">PACKETS", "packets", row -> row.now().packets())
          .column(
              ">RATE",
              "packetsPerSecond",
              SignalRow::packetsPerSecond,
              row ->
                  row.packetsPerSecond() == null
                      ? null
                      : Format.quantity(row.packetsPerSecond().doubleValue(), "/s"))
          .column(
              ">BYTES", "bytes", row -> row.now().bytes(), row -> Format.bytes(row.now().bytes()))
          .column(
              ">RATE",
              "bytesPerSecond",
              SignalRow::bytesPerSecond,
              row -> Format.byteRate(row.bytesPerSecond()));

  private record ServerRow(
      ServerMonitor server,
      ServerStatus status,
      Long bytesPerSecond,
      Long packetsPerSecond,
      List<SignalRow> signals) {}

  private static final Listing<ServerRow> SERVERS =
      new Listing<ServerRow>()
          .detail("server", row -> row.server().name())
          .detail("endpoints", row -> row.server().endpoints())
          .detail("startedAt", row -> row.status().startedAt())
          .detail("clients", row -> row.status().clients())
          .detail("ringBytes", row -> row.status().ringBytes())
          .detail("lagPercent", row -> row.status().lagPercent())
          .detail("sentBytes", row -> row.status().sentBytes())
          .detail("sentBytesPerSecond", ServerRow::bytesPerSecond)
          .detail("deliveredPackets", row -> row.status().deliveredPackets())
          .detail("deliveredPacketsPerSecond", ServerRow::packetsPerSecond)
          .detail("events", row -> new TreeMap<>(row.status().events()))
          .detail("publishCosts", row -> row.status().publishCosts())
          .detail("signals", row -> SIGNALS.documents(row.signals()));

  /** A server's counters at a moment. */
  private record Snapshot(long nanoTime, ServerStatus status, List<SignalTraffic> signals) {}

  private final Services services;

  /** Creates the command. */
  public ShowStatistics(Services services) {
    super(
        "signal:stats",
        "Tells what the servers count, and of each signal with an id that contains PART.",
        Syntax.of("[PART]").option(Interval.OPTION, Interval.VALUE, Interval.MEANING).json());
    this.services = services;
  }

  @Override
  protected void execute(Arguments arguments, PrintStream out, PrintStream err)
      throws CommandException, InterruptedException {
    final long intervalMs = Interval.of(arguments);
    final Map<ServerMonitor, Snapshot> before = new HashMap<>();
    if (intervalMs > 0) {
      services.servers().forEach(server -> before.put(server, snapshot(server)));
      services.pause(intervalMs);
    }
    final List<ServerRow> rows = new ArrayList<>();
    for (final ServerMonitor server : services.servers()) {
      rows.add(row(server, before.get(server), snapshot(server), arguments.word(0)));
    }
    if (arguments.json()) {
      Json.print(out, SERVERS.documents(rows));
    } else {
      rows.forEach(row -> print(row, out));
    }
  }

  private Snapshot snapshot(ServerMonitor server) {
    return new Snapshot(services.nanoTime(), server.status(), server.signals());
  }

  private static ServerRow row(ServerMonitor server, Snapshot before, Snapshot now, String part) {
    final ServerStatus then = before == null ? null : before.status();
    final ServerStatus status = now.status();
    final double seconds = before == null ? 0 : (now.nanoTime() - before.nanoTime()) / 1e9;
    final Map<String, SignalTraffic> earlier =
        before == null
            ? Map.of()
            : before.signals().stream()
                .collect(Collectors.toMap(SignalTraffic::signalId, each -> each, (a, b) -> b));
    return new ServerRow(
        server,
        status,
        Interval.rate(then == null ? null : then.sentBytes(), status.sentBytes(), seconds),
        Interval.rate(
            then == null ? null : then.deliveredPackets(), status.deliveredPackets(), seconds),
        now.signals().stream()
            .filter(each -> each.signalId().contains(part))
            .map(each -> row(earlier.get(each.signalId()), each, seconds))
            .toList());
  }

  private static SignalRow row(SignalTraffic before, SignalTraffic now, double seconds) {
    return new SignalRow(
        now,
        Interval.rate(before == null ? null : before.packets(), now.packets(), seconds),
        Interval.rate(before == null ? null : before.bytes(), now.bytes(), seconds));
  }

  private static void print(ServerRow row, PrintStream out) {
    final ServerStatus status = row.status();
    out.println(
        "server " + row.server().name() + " on " + String.join(" and ", row.server().endpoints()));
    out.println(
        "  since "
            + Format.seconds(status.startedAt())
            + ", clients "
            + status.clients()
            + ", ring "
            + Format.bytes(status.ringBytes())
            + ", slowest client "
            + status.lagPercent()
            + " % behind");
    out.println(
        "  sent "
            + Format.bytes(status.sentBytes())
            + perSecond(row.bytesPerSecond(), "B/s")
            + " in "
            + status.deliveredPackets()
            + " packets"
            + perSecond(row.packetsPerSecond(), "/s"));
    final String events =
        new TreeMap<>(status.events())
            .entrySet().stream()
                .filter(event -> event.getValue() > 0)
                .map(event -> event.getKey() + " " + event.getValue())
                .collect(Collectors.joining(", "));
    out.println("  events: " + (events.isEmpty() ? "none" : events));
    out.println("  publishing a block: " + costs(status.publishCosts()));
    out.println();
    SIGNALS.table(row.signals()).print(out);
  }

  private static String perSecond(Long rate, String unit) {
    return rate == null ? "" : " (" + Format.quantity(rate.doubleValue(), unit) + ")";
  }

  private static String costs(List<PublishCost> costs) {
    final long timed = costs.stream().mapToLong(PublishCost::count).sum();
    return timed == 0
        ? "none timed yet"
        : "less than %s for half of them, %s for 99 %%; %d timed"
            .formatted(limit(costs, timed * 0.5), limit(costs, timed * 0.99), timed);
  }

  private static String limit(List<PublishCost> costs, double rank) {
    long below = 0;
    for (final PublishCost step : costs) {
      below += step.count();
      if (below >= rank) {
        return Format.nanos(step.limitNanos());
      }
    }
    return "?";
  }

  @Override
  protected List<String> candidates(List<String> words) {
    return words.isEmpty() ? Signals.ids(services, true) : List.of();
  }
}
