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
import java.util.Map;
import org.daqstream.client.RemoteSignal;
import org.daqstream.sample.support.Format;
import org.daqstream.sample.support.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code record}. */
@Command(
    name = "record",
    description = {
      "Records samples in a file: CSV, or JSON lines if its name ends with .jsonl or .ndjson.",
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
      throw new CliException(
          Daqstream.FAILED, file + " is there already; --overwrite would replace it");
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
    long bytes = file.toFile().length();
    if (json()) {
      Map<String, Object> summary = new LinkedHashMap<>();
      summary.put("file", file.toString());
      summary.put("signals", signals);
      summary.put("samples", samples());
      summary.put("gaps", gaps());
      summary.put("seconds", seconds());
      summary.put("bytes", bytes);
      streams().out().println(streams().json(summary));
      streams().check();
      return;
    }
    streams()
        .say(
            "%s samples of %s signals in %.1f s, %s gaps: %s, %s"
                .formatted(samples(), signals, seconds(), gaps(), file, Format.bytes(bytes)));
  }
}
