/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.daqstream.client.RemoteSignal;
import org.daqstream.sample.support.Format;
import org.daqstream.sample.support.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code record}. */
@Command(
    name = "record",
    description = {
      "Records samples in a file. If its name ends with .parquet, .csv or .wav it is a recording:",
      "each table of the device has a file of its own, which outlasts a crash. .jsonl and .ndjson",
      "are JSON lines, all else is CSV as 'print' prints it.",
      "Ctrl-C ends it in order. With --json the summary is JSON on the standard output."
    })
final class RecordCommand extends StreamCommand {
  @Option(
      names = "--to",
      paramLabel = "FILE",
      required = true,
      description = "The file; there must be none yet.")
  private Path file;

  @Option(names = "--overwrite", description = "Replace the file if there is one.")
  private boolean overwrites;

  private List<Path> files = List.of();
  private LongSupplier bytes = () -> file.toFile().length();

  @Override
  String progress() {
    return "  " + Format.bytes(bytes.getAsLong()) + ProgressLine.left(file);
  }

  @Override
  int run() throws InterruptedException {
    try (DeviceSession session = open()) {
      Map<String, RemoteSignal> signals = session.values(globsOrAll());
      record(session, signals);
      tell(signals.size());
    }
    if (samples() == 0 && !interruption().isAsked()) {
      throw new CliException(Daqstream.FAILED, "no sample came; " + file + " has none");
    }
    return Daqstream.OK;
  }

  private void record(DeviceSession session, Map<String, RemoteSignal> signals) {
    if (Recordings.isNameOfOne(file.toString())) {
      recordTables(session, signals);
    } else {
      recordText(session, signals);
    }
  }

  private void recordTables(DeviceSession session, Map<String, RemoteSignal> signals) {
    Map<String, String> facts = Map.of("daqstream.device", address().toString());
    try (RecordingText text =
        new RecordingText(signals, Recordings.format(file), file, overwrites, facts)) {
      text.checkFree();
      bytes = text::bytes;
      files = text.files();
      Interruption.shield(() -> write(session.client(), signals.keySet(), text, () -> {}));
    } catch (FileAlreadyExistsException e) {
      throw Recordings.existing(Path.of(e.getMessage()));
    } catch (IOException e) {
      throw Recordings.failure(files.isEmpty() ? file : files.get(files.size() - 1), e);
    }
  }

  private void recordText(DeviceSession session, Map<String, RemoteSignal> signals) {
    files = List.of(file);
    OpenOption[] how =
        overwrites
            ? new OpenOption[] {
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING
            }
            : new OpenOption[] {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
    try (BufferedWriter writer = Files.newBufferedWriter(file, UTF_8, how)) {
      SampleText.Lines lines = line -> writer.append(line).append('\n');
      String name = file.toString();
      SampleText text =
          name.endsWith(".jsonl") || name.endsWith(".ndjson")
              ? new JsonLinesText(signals, form(), lines, Json::of)
              : new CsvTable(signals, form(), lines, value -> value);
      write(session.client(), signals.keySet(), text, writer::flush);
    } catch (FileAlreadyExistsException e) {
      throw Recordings.existing(file);
    } catch (IOException e) {
      throw new CliException(Daqstream.FAILED, "cannot write " + file + ": " + words(e));
    }
  }

  private static String words(IOException e) {
    String name = e.getClass().getSimpleName();
    return switch (name) {
      case "NoSuchFileException" -> "there is no such folder";
      case "AccessDeniedException" -> "access denied";
      default -> String.valueOf(e.getMessage());
    };
  }

  private void tell(int signals) {
    long size = files.stream().mapToLong(each -> each.toFile().length()).sum();
    if (json()) {
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("file", file.toString());
      if (Recordings.isNameOfOne(file.toString())) {
        summary.put("files", files.stream().map(Path::toString).toList());
      }
      summary.put("signals", signals);
      summary.put("samples", samples());
      summary.put("gaps", gaps());
      summary.put("seconds", seconds());
      summary.put("bytes", size);
      streams().out().println(streams().json(summary));
      streams().check();
      return;
    }
    streams()
        .say(
            "%s samples of %s signals in %.1f s, %s gaps: %s, %s"
                .formatted(samples(), signals, seconds(), gaps(), names(), Format.bytes(size)));
  }

  private String names() {
    return files.isEmpty()
        ? file.toString()
        : files.stream().map(Path::toString).collect(Collectors.joining(", "));
  }
}
