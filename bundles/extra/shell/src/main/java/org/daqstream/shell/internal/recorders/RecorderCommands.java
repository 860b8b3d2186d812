/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.recorders;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.daqstream.recorder.api.Recorder;
import org.daqstream.recorder.api.RecorderStatus;
import org.daqstream.recorder.api.RecorderStatus.RecordedFile;
import org.daqstream.sample.support.Format;
import org.daqstream.sample.support.Json;
import org.daqstream.sample.support.Near;
import org.daqstream.sample.support.Table;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;

/**
 * {@code recorder:list}, {@code recorder:status}, {@code recorder:begin}, {@code recorder:end}: not
 * start and stop, which without their scope are the framework's commands for bundles.
 */
public final class RecorderCommands {
  private static final String NAME = "NAME";

  private record Row(String name, RecorderStatus status) {
    static Row of(Recorder recorder) {
      return new Row(recorder.name(), recorder.status());
    }

    String freeText() {
      return status.freeBytes() < 0 ? "-" : Format.bytes(status.freeBytes());
    }
  }

  private static final Listing<Row> LISTING =
      new Listing<Row>()
          .column("RECORDER", "name", Row::name)
          .column("STATE", "state", row -> word(row.status()))
          .detail("reason", row -> row.status().reason())
          .detail("format", row -> row.status().format())
          .column("FOLDER", "folder", row -> row.status().folder())
          .column(">SIGNALS", "signals", row -> row.status().signals())
          .column(">SAMPLES", "samples", row -> row.status().samples())
          .detail("samplesPerSecond", row -> row.status().samplesPerSecond())
          .column(">BYTES", "bytes", row -> row.status().bytes(), Format::bytes)
          .column(
              ">RATE",
              "bytesPerSecond",
              row -> row.status().bytesPerSecond(),
              rate -> Format.byteRate(rate.longValue()))
          .column(">HOLES", "holes", row -> row.status().holes())
          .column(">LOST", "lostSamples", row -> row.status().lostSamples())
          .detail("bufferedRatio", row -> row.status().bufferedRatio())
          .detail("freeBytes", row -> row.status().freeBytes())
          .text(">DISK LEFT", Row::freeText)
          .detail("files", row -> row.status().files());

  private RecorderCommands() {}

  private static String word(RecorderStatus status) {
    return status.state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  public static DeclaredCommand list(Services services) {
    return new DeclaredCommand(
        "recorder:list",
        "Lists the recorders, and what they do.",
        Syntax.of().json(),
        call ->
            LISTING.print(
                call, services.recorders().stream().map(Row::of).toList(), "there are none"));
  }

  public static DeclaredCommand status(Services services) {
    return new DeclaredCommand(
        "recorder:status",
        "Tells what a recorder does and has done, with the newest of its files.",
        Syntax.of(NAME).first(() -> names(services)).json(),
        call -> show(call, get(services, call)));
  }

  public static DeclaredCommand begin(Services services) {
    return new DeclaredCommand(
        "recorder:begin",
        "Has a recorder record, or wait for its time or trigger.",
        Syntax.of(NAME).first(() -> names(services)).json(),
        call -> {
          Recorder recorder = get(services, call);
          recorder.start();
          call.tell(Map.of("begun", recorder.name()), "begun: " + recorder.name());
        });
  }

  public static DeclaredCommand end(Services services) {
    return new DeclaredCommand(
        "recorder:end",
        "Has a recorder complete its files and wait until it is to begin again.",
        Syntax.of(NAME).first(() -> names(services)).json(),
        call -> {
          Recorder recorder = get(services, call);
          recorder.stop();
          call.tell(Map.of("ended", recorder.name()), "ended: " + recorder.name());
        });
  }

  private static List<String> names(Services services) {
    return services.recorders().stream().map(Recorder::name).toList();
  }

  private static Recorder get(Services services, Call call) {
    String name = call.word(0);
    return services.recorders().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandException(
                    names(services).isEmpty()
                        ? "no recorder: there is no file conf/org.daqstream.recorder-<name>.cfg"
                            + " that can be used, or the bundle org.daqstream.recorder is not"
                            + " active"
                        : "no recorder '" + name + "'" + Near.suggestion(name, names(services))));
  }

  private static void show(Call call, Recorder recorder) {
    Row row = Row.of(recorder);
    if (call.json()) {
      call.out().println(Json.of(LISTING.documents(List.of(row)).get(0)));
      return;
    }
    Table table = new Table("", "");
    lines(row).forEach(table::add);
    table.print(call.out());
  }

  private static Map<String, String> lines(Row row) {
    RecorderStatus status = row.status();
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("recorder", row.name());
    lines.put("state", word(status) + (status.reason().isEmpty() ? "" : ": " + status.reason()));
    lines.put("signals", "" + status.signals());
    lines.put("samples", "%d (%.0f /s)".formatted(status.samples(), status.samplesPerSecond()));
    lines.put(
        "bytes",
        Format.bytes(status.bytes())
            + " ("
            + Format.byteRate((long) status.bytesPerSecond())
            + ")");
    lines.put("holes", status.holes() + ", " + status.lostSamples() + " samples left out");
    lines.put("memory", "%.0f %% full".formatted(100 * status.bufferedRatio()));
    lines.put("disk left", row.freeText());
    lines.put("folder", status.folder());
    for (RecordedFile file : status.files()) {
      lines.put(
          file.name(),
          Format.bytes(file.bytes()) + (file.isFinished() ? "" : ", not complete yet"));
    }
    return lines;
  }
}
