/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.example.rows;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.support.SampleSize;
import org.daqstream.recording.support.TableRecording;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.testing.AllTypes;
import org.daqstream.testing.RecordedSamples;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is written is read again, of all data types; add tests of your own. */
public class RowsFormatTest {
  private static final int ROWS = 300;
  private static final RecordingHole HOLE = new RecordingHole("text", "device", 7, 9, false, 0, 0);

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final RowsFormat format = new RowsFormat();

  private Path file() {
    return folder.getRoot().toPath().resolve("x.rows");
  }

  private TableRecording record(Map<String, ByteBuffer> written) throws IOException {
    TableRecording recording =
        new TableRecording(
            AllTypes.DOMAIN,
            AllTypes.signals(),
            Map.of("who", "me"),
            (part, number) -> format.create(file(), part));
    AllTypes types = new AllTypes(1);
    for (int row = 0; row < ROWS; row++) {
      for (SignalDescriptor signal : AllTypes.signals()) {
        ByteBuffer sample = types.sample(signal, SampleSize.of(signal));
        long tick = row * 1_000_000L;
        written.put(RecordedSamples.key(signal.signalId(), row, tick), sample.duplicate());
        recording.onLine(signal.signalId(), row, 1, tick, 1_000_000, sample);
      }
    }
    recording.hole(HOLE);
    recording.sync();
    return recording;
  }

  @Test
  public void whatIsWrittenIsRead() throws IOException {
    Map<String, ByteBuffer> written = new HashMap<>();
    try (TableRecording recording = record(written)) {
      recording.finish();
    }
    try (RecordingReader reader = format.open(file())) {
      assertEquals(AllTypes.signals(), reader.part().signals());
      assertEquals(AllTypes.DOMAIN, reader.part().domain());
      assertEquals(List.of(HOLE), reader.holes());
      assertEquals(written, RecordedSamples.rest(reader));
      reader.seek(250_000_000);
      assertEquals(250, reader.next().row());
      reader.seek(Long.MAX_VALUE);
      assertNull(reader.next());
    }
    assertEquals(ROWS, format.describe(file()).rows());
  }

  @Test
  public void whatIsCutOffIsMended() throws IOException {
    Map<String, ByteBuffer> written = new HashMap<>();
    try (TableRecording recording = record(written)) {
      assertEquals(1, recording.parts());
    }
    Path part = folder.getRoot().toPath().resolve("_x.rows.part");
    byte[] whole = Files.readAllBytes(part);
    long before = ROWS;
    for (int cut = whole.length; cut > whole.length / 2; cut -= 997) {
      Files.deleteIfExists(file());
      Files.write(part, Arrays.copyOf(whole, cut));
      long rows = format.repair(file()).rows();
      assertTrue(rows + " rows", rows <= before && rows > 0);
      before = rows;
      try (RecordingReader reader = format.open(file())) {
        assertTrue(written.entrySet().containsAll(RecordedSamples.rest(reader).entrySet()));
      }
    }
  }
}
