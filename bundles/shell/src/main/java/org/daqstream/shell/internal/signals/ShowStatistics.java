/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.api.ServerStatus;
import org.daqstream.server.api.ServerStatus.PublishCost;
import org.daqstream.server.api.SignalTraffic;
import org.daqstream.shell.internal.Arguments;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Format;
import org.daqstream.shell.internal.Json;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.shell.internal.Table;

/** {@code signal:stats}. */
public final class ShowStatistics extends Command {
  private record SignalRow(
      String signalId,
      int signalNumber,
      int subscribers,
      long endRow,
      long packets,
      Long packetsPerSecond,
      long bytes,
      Long bytesPerSecond) {}

  private record ServerRow(
      String server,
      List<String> endpoints,
      Instant startedAt,
      int clients,
      int ringBytes,
      int lagPercent,
      long sentBytes,
      Long sentBytesPerSecond,
      long deliveredPackets,
      Long deliveredPacketsPerSecond,
      Map<ServerEvent, Long> events,
      List<PublishCost> publishCosts,
      List<SignalRow> signals) {}

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
      Json.print(out, rows);
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
        server.name(),
        server.endpoints(),
        status.startedAt(),
        status.clients(),
        status.ringBytes(),
        status.lagPercent(),
        status.sentBytes(),
        rate(then == null ? null : then.sentBytes(), status.sentBytes(), seconds),
        status.deliveredPackets(),
        rate(then == null ? null : then.deliveredPackets(), status.deliveredPackets(), seconds),
        new TreeMap<>(status.events()),
        status.publishCosts(),
        now.signals().stream()
            .filter(each -> each.signalId().contains(part))
            .map(each -> row(earlier.get(each.signalId()), each, seconds))
            .toList());
  }

  private static SignalRow row(SignalTraffic before, SignalTraffic now, double seconds) {
    return new SignalRow(
        now.signalId(),
        now.signalNumber(),
        now.subscribers(),
        now.endRow(),
        now.packets(),
        rate(before == null ? null : before.packets(), now.packets(), seconds),
        now.bytes(),
        rate(before == null ? null : before.bytes(), now.bytes(), seconds));
  }

  private static Long rate(Long before, long now, double seconds) {
    return before == null ? null : Long.valueOf(Math.round((now - before) / seconds));
  }

  private static void print(ServerRow row, PrintStream out) {
    out.println("server " + row.server() + " on " + String.join(" and ", row.endpoints()));
    out.println(
        "  since "
            + Format.seconds(row.startedAt())
            + ", clients "
            + row.clients()
            + ", ring "
            + Format.bytes(row.ringBytes())
            + ", slowest client "
            + row.lagPercent()
            + " % behind");
    out.println(
        "  sent "
            + Format.bytes(row.sentBytes())
            + perSecond(row.sentBytesPerSecond(), "B/s")
            + " in "
            + row.deliveredPackets()
            + " packets"
            + perSecond(row.deliveredPacketsPerSecond(), "/s"));
    final String events =
        row.events().entrySet().stream()
            .filter(event -> event.getValue() > 0)
            .map(event -> event.getKey() + " " + event.getValue())
            .collect(Collectors.joining(", "));
    out.println("  events: " + (events.isEmpty() ? "none" : events));
    out.println("  publishing a block: " + costs(row.publishCosts()));
    out.println();
    printSignals(row.signals(), out);
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

  private static void printSignals(List<SignalRow> rows, PrintStream out) {
    final Table table =
        new Table(
            "SIGNAL",
            ">NUMBER",
            ">SUBSCRIBERS",
            ">END ROW",
            ">PACKETS",
            ">RATE",
            ">BYTES",
            ">RATE");
    for (final SignalRow row : rows) {
      table.add(
          row.signalId(),
          row.signalNumber(),
          row.subscribers(),
          row.endRow(),
          row.packets(),
          row.packetsPerSecond() == null
              ? null
              : Format.quantity(row.packetsPerSecond().doubleValue(), "/s"),
          Format.bytes(row.bytes()),
          row.bytesPerSecond() == null ? null : Format.byteRate(row.bytesPerSecond()));
    }
    table.print(out);
  }

  @Override
  protected List<String> candidates(List<String> words) {
    return words.isEmpty() ? Signals.ids(services, true) : List.of();
  }
}
