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
import org.daqstream.sample.support.Format;
import org.daqstream.sample.support.Json;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.api.ServerStatus;
import org.daqstream.server.api.ServerStatus.PublishCost;
import org.daqstream.server.api.SignalTraffic;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;

/** {@code signal:stats}. */
public final class ShowStatistics {
  private record SignalRow(SignalTraffic now, Long packetsPerSecond, Long bytesPerSecond) {}

  private static final Listing<SignalRow> SIGNALS =
      new Listing<SignalRow>()
          .column("SIGNAL", "signalId", row -> row.now().signalId())
          .column(">NUMBER", "signalNumber", row -> row.now().signalNumber())
          .column(">SUBSCRIBERS", "subscribers", row -> row.now().subscribers())
          .column(">END ROW", "endRow", row -> row.now().endRow())
          .column(">PACKETS", "packets", row -> row.now().packets())
          .column(">RATE", "packetsPerSecond", SignalRow::packetsPerSecond, Format::packetRate)
          .column(">BYTES", "bytes", row -> row.now().bytes(), Format::bytes)
          .column(">RATE", "bytesPerSecond", SignalRow::bytesPerSecond, Format::byteRate);

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
  private record Snapshot(long nanoTime, ServerStatus status, List<SignalTraffic> signals) {
    static final Snapshot NONE = new Snapshot(0, null, List.of());
  }

  private ShowStatistics() {}

  public static DeclaredCommand command(Services services) {
    return new DeclaredCommand(
        "signal:stats",
        "Tells what the servers count, and of each signal with an id that contains PART.",
        Syntax.of("[PART]")
            .first(() -> Signals.ids(services))
            .option(Interval.OPTION, Interval.VALUE, Interval.MEANING)
            .json(),
        call -> execute(services, call));
  }

  private static void execute(Services services, Call call) throws InterruptedException {
    long intervalMs = Interval.of(call);
    Map<ServerMonitor, Snapshot> before = new HashMap<>();
    if (intervalMs > 0) {
      services.servers().forEach(server -> before.put(server, snapshot(services, server)));
      services.pause(intervalMs);
    }
    List<ServerRow> rows = new ArrayList<>();
    for (ServerMonitor server : services.servers()) {
      rows.add(
          row(
              server,
              before.getOrDefault(server, Snapshot.NONE),
              snapshot(services, server),
              call.word(0)));
    }
    if (call.json()) {
      Json.print(call.out(), SERVERS.documents(rows));
    } else {
      rows.forEach(row -> print(row, call.out()));
    }
  }

  private static Snapshot snapshot(Services services, ServerMonitor server) {
    return new Snapshot(services.nanoTime(), server.status(), server.signals());
  }

  private static ServerRow row(ServerMonitor server, Snapshot before, Snapshot now, String part) {
    ServerStatus status = now.status();
    double seconds = (now.nanoTime() - before.nanoTime()) / 1e9;
    Map<String, SignalTraffic> earlier = new HashMap<>();
    before.signals().forEach(each -> earlier.put(each.signalId(), each));
    return new ServerRow(
        server,
        status,
        Interval.rate(before.status(), ServerStatus::sentBytes, status, seconds),
        Interval.rate(before.status(), ServerStatus::deliveredPackets, status, seconds),
        now.signals().stream()
            .filter(each -> each.signalId().contains(part))
            .map(each -> row(earlier.get(each.signalId()), each, seconds))
            .toList());
  }

  private static SignalRow row(SignalTraffic before, SignalTraffic now, double seconds) {
    return new SignalRow(
        now,
        Interval.rate(before, SignalTraffic::packets, now, seconds),
        Interval.rate(before, SignalTraffic::bytes, now, seconds));
  }

  private static void print(ServerRow row, PrintStream out) {
    ServerStatus status = row.status();
    out.println(
        "server " + row.server().name() + " on " + String.join(" and ", row.server().endpoints()));
    out.println(
        "  since %s, clients %s, log of %s, slowest client %s %% behind"
            .formatted(
                Format.seconds(status.startedAt()),
                status.clients(),
                Format.bytes(status.ringBytes()),
                status.lagPercent()));
    out.println(
        "  sent %s%s in %s packets%s"
            .formatted(
                Format.bytes(status.sentBytes()),
                inBrackets(Format.byteRate(row.bytesPerSecond())),
                status.deliveredPackets(),
                inBrackets(Format.packetRate(row.packetsPerSecond()))));
    String events =
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

  private static String inBrackets(String rate) {
    return rate.isEmpty() ? "" : " (" + rate + ")";
  }

  private static String costs(List<PublishCost> costs) {
    long timed = costs.stream().mapToLong(PublishCost::count).sum();
    return timed == 0
        ? "none timed yet"
        : "less than %s for half of them, %s for 99 %%; %s timed"
            .formatted(limit(costs, timed * 0.5), limit(costs, timed * 0.99), timed);
  }

  private static String limit(List<PublishCost> costs, double rank) {
    long below = 0;
    for (PublishCost step : costs) {
      below += step.count();
      if (below >= rank) {
        return Format.nanos(step.limitNanos());
      }
    }
    return "?";
  }
}
