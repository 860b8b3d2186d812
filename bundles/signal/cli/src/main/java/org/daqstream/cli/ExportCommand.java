/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  @Option(
      names = "--progress",
      negatable = true,
      fallbackValue = "true",
      description = "Tell samples, rate and size on the error output; on a terminal it does so.")
  private Boolean progress;

  private long rows;
  private long samples;

  @Override
  int run() {
    for (Path each : List.of(from, to)) {
      if (!Recordings.isNameOfOne(each.toString())) {
        throw misused(each + " is no name of a recording; allowed are " + Recordings.endings());
      }
    }
    try (RecordingReader reader = Recordings.format(from).open(from)) {
      Interruption.shield(() -> export(reader));
    } catch (FileAlreadyExistsException e) {
      throw new CliException(
          Daqstream.FAILED, e.getMessage() + " is there already; --overwrite would replace it");
    } catch (IOException e) {
      boolean isTarget = String.valueOf(e.getMessage()).contains(to.getFileName().toString());
      throw Recordings.failure(isTarget ? to : from, e);
    }
    tell();
    return Daqstream.OK;
  }

  private void export(RecordingReader reader) throws IOException {
    SignalDescriptor domain = reader.part().domain();
    long first = begin == null ? Long.MIN_VALUE : tick(domain, begin);
    long last = end == null ? Long.MAX_VALUE : tick(domain, end);
    int[] columns = columns(reader.part().signals());
    Map<String, String> facts = new TreeMap<>(reader.part().facts());
    facts.put("daqstream.exported.from", from.getFileName().toString());
    List<SignalDescriptor> chosen =
        IntStream.of(columns).mapToObj(reader.part().signals()::get).toList();
    if (overwrites && Files.exists(to)) {
      if (Files.isSameFile(from, to)) {
        throw misused("a recording cannot be exported to itself");
      }
      Files.delete(to);
    }
    RecordingPart part = new RecordingPart(domain, chosen, facts);
    try (RecordingWriter writer = create(part)) {
      for (RecordingHole each : reader.holes()) {
        boolean isInside = !each.isTimeKnown() || (each.toTick() > first && each.fromTick() < last);
        if (isInside && chosen.stream().anyMatch(s -> s.signalId().equals(each.signalId()))) {
          writer.hole(each);
        }
      }
      if (begin != null) {
        reader.seek(first);
      }
      copy(reader, writer, new Chosen(columns), first, last);
      writer.finish();
    }
  }

  private RecordingWriter create(RecordingPart part) throws IOException {
    try {
      return Recordings.format(to).create(to, part);
    } catch (FileAlreadyExistsException e) {
      throw e;
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

  private int[] columns(List<SignalDescriptor> all) {
    List<SignalGlob> globs = signals.stream().map(SignalGlob::new).toList();
    for (SignalGlob each : globs) {
      if (all.stream().noneMatch(signal -> each.matches(signal.signalId()))) {
        List<String> ids = all.stream().map(SignalDescriptor::signalId).toList();
        throw new CliException(
            Daqstream.FAILED, "no signal is meant by '" + each + "'; there are " + ids);
      }
    }
    return IntStream.range(0, all.size())
        .filter(
            i ->
                globs.isEmpty()
                    || globs.stream().anyMatch(glob -> glob.matches(all.get(i).signalId())))
        .toArray();
  }

  private void copy(
      RecordingReader reader, RecordingWriter writer, Chosen chosen, long first, long last)
      throws IOException {
    ProgressLine line = new ProgressLine(streams(), progress);
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
      line.tell(samples, 0, () -> "  " + Format.bytes(writer.bytes()) + left());
    }
    line.end();
  }

  private String left() {
    long bytes = to.toAbsolutePath().getParent().toFile().getUsableSpace();
    return "  " + Format.bytes(bytes) + " left on the disk";
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

  /** Some columns of some rows of a block. */
  private static final class Chosen implements RowBlock {
    private final int[] columns;
    private final List<ByteBuffer> samples = new ArrayList<>();
    private RowBlock of;
    private int from;
    private int count;

    Chosen(int[] columns) {
      this.columns = columns;
    }

    /** Whether there is anything in it. */
    boolean set(RowBlock block, int newFrom, int newCount) {
      of = block;
      from = newFrom;
      count = newCount;
      samples.clear();
      boolean isAny = false;
      for (int column : columns) {
        ByteBuffer all = block.samples(column);
        samples.add(all == null ? null : part(column, all));
        isAny |= all != null;
      }
      return isAny;
    }

    private ByteBuffer part(int column, ByteBuffer all) {
      int begin = all.position();
      for (int i = 0; i < from; i++) {
        begin += of.sampleBytes(column, i);
      }
      int size = 0;
      for (int i = from; i < from + count; i++) {
        size += of.sampleBytes(column, i);
      }
      return all.slice(begin, size);
    }

    long samples() {
      return samples.stream().filter(each -> each != null).count() * count;
    }

    @Override
    public long row() {
      return of.row() + from;
    }

    @Override
    public int count() {
      return count;
    }

    @Override
    public boolean isOnLine() {
      return of.isOnLine();
    }

    @Override
    public long deltaTicks() {
      return of.deltaTicks();
    }

    @Override
    public long tick(int index) {
      return of.tick(from + index);
    }

    @Override
    public ByteBuffer samples(int column) {
      return samples.get(column);
    }

    @Override
    public int sampleBytes(int column, int index) {
      return of.sampleBytes(columns[column], from + index);
    }
  }
}
