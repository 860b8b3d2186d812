/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.util.Map;
import org.daqstream.client.RemoteSignal;
import org.daqstream.recording.api.RecordingReader;
import picocli.CommandLine.Command;

/** {@code print}. */
@Command(
    name = "print",
    description = {
      "Prints samples as CSV, or with --json an object on a line for each.",
      "In place of ADDRESS it takes a recording, .parquet, .csv or .wav; -n are rows then."
    })
final class PrintCommand extends StreamCommand {
  @Override
  int run() throws IOException, InterruptedException {
    if (recording() != null) {
      return printRecording();
    }
    try (DeviceSession session = open()) {
      Map<String, RemoteSignal> signals = session.values(globsOrAll());
      SampleText.Lines lines = line -> streams().out().append(line).append('\n');
      SampleText text =
          json()
              ? new JsonLinesText(signals, form(), lines, streams()::json)
              : new CsvTable(signals, form(), lines, streams()::text);
      write(session.client(), signals.keySet(), text, streams()::check);
    }
    if (samples() == 0 && !interruption().isAsked()) {
      throw new CliException(Daqstream.FAILED, "no sample came");
    }
    return Daqstream.OK;
  }

  private int printRecording() {
    try (RecordingReader reader = Recordings.format(recording()).open(recording())) {
      Recordings.tellLacks(reader, streams());
      RecordingPrinter printer =
          new RecordingPrinter(streams(), interruption(), globs(), json(), reader);
      long rows = limit();
      ProgressLine line = beginProgress();
      try {
        Interruption.shield(() -> printer.print(rows, line));
      } finally {
        line.end();
      }
    } catch (IOException e) {
      throw Recordings.failure(recording(), e);
    }
    streams().check();
    return Daqstream.OK;
  }
}
