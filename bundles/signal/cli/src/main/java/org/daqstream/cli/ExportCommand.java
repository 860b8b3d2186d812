/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingWriter;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.sample.support.Format;
import org.daqstream.signal.api.SignalDescriptor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code export}. */
@Command(
    name = "export",
    description = {
      "Writes a recording, or a part of it, to a file of another format: the endings say which.",
      "Ctrl-C ends it in order: the file has what was written until then."
    })
final class ExportCommand extends CliCommand {
  private static final long SYNC_NANOS = TimeUnit.SECONDS.toNanos(5);

  @Parameters(index = "0", paramLabel = "FROM", description = "A recording.")
  private Path from;

  @Parameters(index = "1", paramLabel = "TO", description = "The new file.")
  private Path to;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "From this time on: 2026-11-30T08:00:00Z, or a tick.")
  private String begin;

  @Option(
      names = "--to-time",
      paramLabel = "TIME",
      description = "Up to this time, which is not in it any more.")
  private String end;

  @Option(
      names = "--signals",
      arity = "1..*",
      paramLabel = "SIGNAL",
      description = "Only these: ids or patterns.")
  private List<String> signals = List.of();

  @Option(names = "--overwrite", description = "Replace the file if there is one.")
  private boolean overwrites;

  @Mixin private ProgressOption progress = new ProgressOption();

  private long rows;
  private long samples;

  @Override
  int run() {
    for (Path each : List.of(from, to)) {
      if (!Recordings.isNameOfOne(each.toString())) {
        throw misused(each + " is no name of a recording; allowed are " + Recordings.endings());
      }
    }
    try (RecordingReader reader = open();
        ExportTarget target = ExportTarget.of(from, to, overwrites)) {
      Interruption.shield(() -> export(reader, target));
    } catch (IOException e) {
      boolean isSource = String.valueOf(e.getMessage()).contains(from.toString());
      throw Recordings.failure(isSource ? from : to, e);
    }
    tell();
    return Daqstream.OK;
  }

  private RecordingReader open() {
    try {
      return Recordings.format(from).open(from);
    } catch (IOException e) {
      throw Recordings.failure(from, e);
    }
  }

  private void export(RecordingReader reader, ExportTarget target) throws IOException {
    Recordings.tellLacks(reader, streams());
    SignalDescriptor domain = reader.part().domain();
    long first = begin == null ? Long.MIN_VALUE : tick(domain, begin);
    long last = end == null ? Long.MAX_VALUE : tick(domain, end);
    int[] columns =
        SignalGlob.places(signals.stream().map(SignalGlob::new).toList(), reader.part().signals());
    Map<String, String> facts = new TreeMap<>(reader.part().facts());
    facts.put("daqstream.exported.from", from.getFileName().toString());
    List<SignalDescriptor> chosen =
        IntStream.of(columns).mapToObj(reader.part().signals()::get).toList();
    RecordingPart part = new RecordingPart(domain, chosen, facts);
    try (RecordingWriter writer = create(target.file(), part)) {
      for (RecordingHole each : reader.holes()) {
        boolean isInside = !each.isTimeKnown() || (each.toTick() > first && each.fromTick() < last);
        if (isInside && chosen.stream().anyMatch(s -> s.signalId().equals(each.signalId()))) {
          writer.hole(each);
        }
      }
      if (begin != null) {
        reader.seek(first);
      }
      copy(reader, writer, new ChosenRows(columns), first, last);
      writer.finish();
    }
    target.publish();
  }

  private RecordingWriter create(Path file, RecordingPart part) throws IOException {
    try {
      return Recordings.format(to).create(file, part);
    } catch (IOException e) {
      throw new IOException(to + " cannot be written: " + e.getMessage(), e);
    }
  }

  private long tick(SignalDescriptor domain, String text) {
    try {
      return Recordings.tick(domain, text);
    } catch (IllegalArgumentException e) {
      throw misused(e.getMessage());
    }
  }

  private void copy(
      RecordingReader reader, RecordingWriter writer, ChosenRows chosen, long first, long last)
      throws IOException {
    ProgressLine line = progress.begin(streams());
    long syncedNanos = System.nanoTime();
    for (RowBlock block = reader.next();
        block != null && !interruption().isAsked();
        block = reader.next()) {
      for (int at = 0; at < block.count(); ) {
        int to = at;
        while (to < block.count() && block.tick(to) >= first && block.tick(to) < last) {
          to++;
        }
        if (to > at && chosen.set(block, at, to - at)) {
          writer.write(chosen);
          rows += to - at;
          samples += chosen.samples();
        }
        at = Math.max(to, at + 1);
      }
      if (System.nanoTime() - syncedNanos > SYNC_NANOS) {
        writer.sync();
        syncedNanos = System.nanoTime();
      }
      line.tell(
          samples,
          0,
          () ->
              ProgressLine.percent(reader)
                  + "  "
                  + Format.bytes(writer.bytes())
                  + ProgressLine.left(to));
    }
    line.end();
  }

  private void tell() {
    boolean isWhole = !interruption().isAsked();
    if (json()) {
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("file", to.toString());
      summary.put("rows", rows);
      summary.put("samples", samples);
      summary.put("bytes", to.toFile().length());
      summary.put("isWhole", isWhole);
      streams().out().println(streams().json(summary));
      streams().check();
      return;
    }
    streams()
        .say(
            "%s%s rows, %s samples: %s, %s"
                .formatted(
                    isWhole ? "" : "interrupted after ",
                    rows,
                    samples,
                    to,
                    Format.bytes(to.toFile().length())));
  }
}
