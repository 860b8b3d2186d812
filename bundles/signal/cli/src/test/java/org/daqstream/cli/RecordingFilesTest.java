/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.support.TableRecording;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** From one format to another, and whether what is in them can be. */
public class RecordingFilesTest {
  private static final long START = 1_795_419_179_900_000_000L;
  private static final long MILLISECOND = 1_000_000;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private String path(String name) {
    return folder.getRoot().toPath().resolve(name).toString();
  }

  private int run(String... words) {
    out.reset();
    PrintStream err = new PrintStream(out, true, UTF_8);
    return Daqstream.run(new StandardStreams(out, err, false, false), new Interruption(), words);
  }

  private String text() {
    return out.toString(UTF_8);
  }

  private String printed(String name, String... more) {
    String[] words = new String[more.length + 2];
    words[0] = "print";
    words[1] = path(name);
    System.arraycopy(more, 0, words, 2, more.length);
    assertEquals(text(), 0, run(words));
    return text();
  }

  /** Two signals, rows 3 to 5 are missing. */
  private void record(String name, boolean isHoleTold) throws IOException {
    Path file = Path.of(path(name));
    List<SignalDescriptor> signals =
        List.of(
            SignalDescriptor.value("a/1", DataTypes.REAL64).build(),
            SignalDescriptor.value("b", DataTypes.REAL64).build());
    try (TableRecording recording =
        new TableRecording(
            SignalDescriptor.linearTime("t", MILLISECOND),
            signals,
            Map.of(),
            (part, number) -> Recordings.format(file).create(file, part))) {
      for (String id : List.of("a/1", "b")) {
        for (int row : new int[] {0, 6}) {
          if (row > 0 && isHoleTold) {
            recording.hole(
                new RecordingHole(
                    id, "device", 3, 6, true, START + 3 * MILLISECOND, START + 6 * MILLISECOND));
          }
          ByteBuffer block = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
          block.putDouble(row).putDouble(row + 1).putDouble(row + 2).flip();
          recording.onLine(id, row, 3, START + row * MILLISECOND, MILLISECOND, block);
        }
      }
      recording.finish();
    }
  }

  @Test
  public void eachFormatIsExportedToEach() throws IOException {
    record("x.parquet", true);
    String original = printed("x.parquet");
    assertEquals(7, original.lines().count());
    String before = "x.parquet";
    for (String next : List.of("1.csv", "2.wav", "3.csv", "4.parquet", "5.wav", "6.parquet")) {
      assertEquals(text(), 0, run("export", path(before), path(next)));
      assertTrue(text(), text().contains("6 rows, 12 samples"));
      assertEquals(next, original, printed(next));
      assertEquals(text(), 0, run("verify", path(next)));
      assertTrue(text(), text().contains("ok"));
      assertEquals(0, run("info", path(next), "--json"));
      assertTrue(text(), text().contains("\\\"fromRow\\\":3,\\\"toRow\\\":6"));
      assertEquals(text(), 0, run("repair", path(next)));
      before = next;
    }
    assertEquals(1, run("export", path("x.parquet"), path("1.csv")));
    assertTrue(text(), text().contains("--overwrite would replace it"));
    assertEquals(0, run("export", path("x.parquet"), path("1.csv"), "--overwrite"));
    assertEquals(2, run("export", path("x.parquet"), path("x.parquet"), "--overwrite"));
    assertEquals(original, printed("x.parquet"));
    assertEquals(2, run("export", path("x.parquet"), path("x.txt")));
  }

  @Test
  public void aPartIsExported() throws IOException {
    record("x.parquet", true);
    assertEquals(
        text(),
        0,
        run(
            "export",
            path("x.parquet"),
            path("p.csv"),
            "--from",
            "2026-11-23T07:32:59.901Z",
            "--to-time",
            Long.toString(START + 7 * MILLISECOND),
            "--signals",
            "a/*"));
    assertEquals(
        """
        time,tick,row,a/1
        2026-11-23T07:32:59.901000000Z,1795419179901000000,1,1.0
        2026-11-23T07:32:59.902000000Z,1795419179902000000,2,2.0
        2026-11-23T07:32:59.906000000Z,1795419179906000000,6,6.0
        """,
        Files.readString(Path.of(path("p.csv"))));
    assertEquals(2, run("export", path("x.parquet"), path("q.csv"), "--from", "yesterday"));
    assertFalse(Files.exists(Path.of(path("q.csv"))));
    assertEquals(1, run("export", path("x.parquet"), path("q.csv"), "--signals", "c"));
    assertTrue(text(), text().contains("no signal is meant by 'c'"));
  }

  @Test
  public void verifyFindsWhatNobodyTold() throws IOException {
    record("x.parquet", false);
    assertEquals(1, run("verify", path("x.parquet")));
    assertTrue(text(), text().contains("a/1: rows 3 to 6 are missing, and no hole tells it"));
    assertTrue(text(), text().contains("failed"));
    assertEquals(1, run("verify", path("none.parquet")));
    assertTrue(text(), text().contains("there is no "));
  }

  @Test
  public void verifyFindsBrokenFiles() throws IOException {
    record("x.csv", true);
    Path file = Path.of(path("x.csv"));
    Files.writeString(
        file, Files.readString(file).replace(",5\n", ",five\n").replace(",7.0", ",?"));
    assertEquals(1, run("verify", path("x.csv"), "--json"));
    assertTrue(text(), text().contains("x.csv: line 6"));
  }
}
