/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.Unit;
import org.daqstream.testing.RecordingRegistry;
import org.junit.rules.TemporaryFolder;

/** Plays texts as CSV files. */
abstract class CsvBench {
  static final long MS = 1_000_000;
  static final long SECOND = 1000 * MS;

  @org.junit.Rule public final TemporaryFolder folder = new TemporaryFolder();

  RecordingRegistry registry;
  List<String> names;
  String about;
  boolean whole;
  List<SignalDescriptor> signals;

  /** Plays a file with its own times. */
  void play(String text, String timeColumn) throws IOException {
    registry = new RecordingRegistry();
    Path file = Files.writeString(folder.getRoot().toPath().resolve("a.csv"), text);
    try (Recording recording = new CsvRecording(file, timeColumn, true, 50, false)) {
      signals = recording.signals("");
      names = signals.stream().map(SignalDescriptor::signalId).toList();
      about = recording.about();
      whole = recording.isWhole();
      try (SignalTable table = registry.openTable(recording.domain(""))) {
        signals.forEach(table::open);
        while (recording.read(SECOND) > 0) {
          recording.write(table, 0);
        }
      }
    }
  }

  void play(String text) throws IOException {
    play(text, "");
  }

  Unit unit(String name) {
    return signals.get(names.indexOf(name)).unit();
  }

  void assertRefused(String message, String text) {
    DamagedFileException e = assertThrows(DamagedFileException.class, () -> play(text));
    assertEquals(message, e.getMessage());
  }
}
