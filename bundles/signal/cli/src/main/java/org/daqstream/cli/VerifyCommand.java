/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.client.ClientStatistics;
import org.daqstream.client.RemoteSubscription;
import org.daqstream.client.SubscriptionOptions;
import org.daqstream.sample.support.Format;
import org.daqstream.sample.support.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code verify}. */
@Command(
    name = "verify",
    description = {
      "Checks streams for loss, order, drift of time and latency, and writes a report.",
      "Exit code 1 when something is missing or out of order, or nothing came at all.",
      "Latency and drift are against the clock of this machine.",
      "In place of ADDRESS it takes a recording, and reads all of it: .parquet, .csv or .wav."
    })
final class VerifyCommand extends DeviceCommand {
  private static final long LOOK_MS = 100;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = TimeSpan.Converter.class,
      description = "How long, 10s; Ctrl-C ends it earlier.")
  private TimeSpan length;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "Write the report there, not to the standard output.")
  private Path file;

  @Mixin private ProgressOption progress = new ProgressOption();

  @Override
  int run() throws IOException, InterruptedException {
    if (recording() != null) {
      return checkRecording();
    }
    List<StreamCheck> checks = new ArrayList<>();
    Instant start = Instant.now();
    ClientStatistics statistics;
    double seconds;
    try (DeviceSession session = open()) {
      session.values(globsOrAll()).forEach((id, signal) -> checks.add(new StreamCheck(id, signal)));
      seconds = watch(session, checks);
      statistics = session.client().statistics();
    }
    boolean isBad =
        checks.stream().anyMatch(StreamCheck::isBad)
            || checks.stream().allMatch(check -> check.samples() == 0)
            || statistics.badPackets() > 0;
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("address", address().toString());
    head.put("start", start);
    head.put("seconds", seconds);
    head.put("verdict", isBad ? "failed" : "ok");
    head.put("connections", statistics.connections());
    head.put("badPackets", statistics.badPackets());
    write(json() ? documentOf(head, checks) : textOf(head, checks));
    return isBad ? Daqstream.FAILED : Daqstream.OK;
  }

  private int checkRecording() throws IOException {
    RecordingCheck check =
        new RecordingCheck(recording(), streams(), interruption(), progress.begin(streams()));
    Interruption.shield(check::run);
    if (json()) {
      streams().out().println(streams().json(check.document()));
    } else {
      check.print();
    }
    streams().check();
    return check.isBad() ? Daqstream.FAILED : Daqstream.OK;
  }

  private double watch(DeviceSession session, List<StreamCheck> checks) {
    List<RemoteSubscription> open = new ArrayList<>();
    for (StreamCheck each : checks) {
      SubscriptionOptions options = SubscriptionOptions.DEFAULT.direct().eachPacket();
      open.add(session.client().subscribe(each.signalId(), options, each));
    }
    ProgressLine line = progress.begin(streams());
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(length.millis());
    try {
      long leftMs = length.millis();
      while (leftMs > 0 && !interruption().awaitAsked(Math.min(LOOK_MS, leftMs))) {
        ClientStatistics now = session.client().statistics();
        line.tell(now.samples(), now.gaps(), () -> "");
        leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      }
    } catch (InterruptedException e) {
      // The end is wanted; the report is of what there was.
    }
    line.end();
    open.forEach(RemoteSubscription::close);
    return line.seconds();
  }

  private String documentOf(Map<String, Object> head, List<StreamCheck> checks) {
    head.put("signals", checks.stream().map(StreamCheck::document).toList());
    return streams().json(head) + "\n";
  }

  private String textOf(Map<String, Object> head, List<StreamCheck> checks) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, false, UTF_8);
    head.put("start", Format.seconds((Instant) head.get("start")));
    head.put("seconds", String.format(Locale.ROOT, "%.1f", (Double) head.get("seconds")));
    Table facts = new Table("", "");
    head.forEach(facts::add);
    facts.print(out);
    out.println();
    tableOf(checks).print(out);
    return bytes.toString(UTF_8);
  }

  private static Table tableOf(List<StreamCheck> checks) {
    Table table =
        new Table(
            "SIGNAL",
            "VERDICT",
            ">SAMPLES",
            ">RATE",
            ">GAPS",
            ">LOST",
            ">DISORDER",
            ">TIME JUMPS",
            ">LATENCY P50",
            ">P99",
            ">MAX",
            ">DRIFT");
    for (StreamCheck check : checks) {
      Map<String, Object> each = check.document();
      table.add(
          each.get("signalId"),
          each.get("verdict"),
          each.get("samples"),
          each.get("measuredRateHz") instanceof Double rate ? Format.quantity(rate, "Hz") : null,
          each.get("gaps"),
          each.get("lostRows"),
          (Long) each.get("untoldRowJumps") + (Long) each.get("timesBackwards"),
          each.get("timeJumps"),
          time(each.get("latencyP50Nanos")),
          time(each.get("latencyP99Nanos")),
          time(each.get("latencyMaxNanos")),
          each.get("driftPpm") instanceof Double drift
              ? String.format(Locale.ROOT, "%.1f ppm", drift)
              : null);
    }
    return table;
  }

  private static String time(Object nanos) {
    return nanos instanceof Long number ? Format.quantity(number / 1e9, "s") : null;
  }

  private void write(String report) {
    if (file == null) {
      streams().out().print(report);
      streams().check();
      return;
    }
    try {
      Files.writeString(file, report);
    } catch (IOException e) {
      throw new CliException(Daqstream.FAILED, "cannot write " + file + ": " + e.getMessage());
    }
  }
}
