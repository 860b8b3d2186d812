/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingRepair;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.recording.support.TableRecording;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.testing.AllTypes;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Whatever ends a recording: what was synced can be read, and nothing that is wrong. */
public final class CrashTest {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final ParquetFormat format = new ParquetFormat();
  private Path file;
  private Path part;
  private Path wal;

  @Before
  public void setUp() {
    file = folder.getRoot().toPath().resolve("x.parquet");
    part = file.resolveSibling("_x.parquet.part");
    wal = file.resolveSibling("_x.parquet.wal");
  }

  private Process start(String prefix, int rowsPerSync) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String command =
        prefix
            + String.join(
                " ",
                "exec '" + java + "' -Xmx64m -XX:TieredStopAtLevel=1 -cp",
                "'" + System.getProperty("java.class.path") + "'",
                RecordingProcess.class.getName(),
                "'" + file + "'",
                Integer.toString(rowsPerSync));
    return new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
  }

  /** Rows are there up to one, each as it was written; how many. */
  private long assertRows() throws IOException {
    long row = 0;
    try (RecordingReader reader = format.open(file)) {
      for (RowBlock block = reader.next(); block != null; block = reader.next()) {
        assertEquals(row, block.row());
        for (int i = 0; i < block.count(); i++, row++) {
          assertEquals(row, block.tick(i));
          int at = i * Long.BYTES;
          assertEquals((double) row, ElementType.REAL64.doubleAt(block.samples(0), at), 0);
          long b = ElementType.INT64.longAt(block.samples(1), at);
          assertEquals(RecordingProcess.noise(row), b);
        }
      }
    }
    assertEquals(format.describe(file).rows(), row);
    return row;
  }

  /** The last number of rows that the process said were safe. */
  private static long lastSaid(List<String> lines) {
    long said = 0;
    for (String each : lines) {
      said = each.matches("\\d+") ? Long.parseLong(each) : said;
    }
    return said;
  }

  @Test
  public void killedAtAnyMoment() throws Exception {
    Random random = new Random();
    for (int round = 0; round < 6; round++) {
      // now and then only write-ahead, else row groups, too
      Process process = start("", round % 2 == 0 ? 1000 : 100_000);
      List<String> lines = new ArrayList<>();
      try (BufferedReader reader = process.inputReader()) {
        while (lines.size() < 3) {
          lines.add(reader.readLine());
        }
        assertFalse("it records", process.waitFor(random.nextInt(500), TimeUnit.MILLISECONDS));
        assertThrows(IOException.class, () -> format.repair(file)); // it is being recorded
        process.toHandle().destroyForcibly(); // SIGKILL
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        reader.lines().forEach(lines::add);
      }
      assertFalse("no file before it is mended", Files.exists(file));
      assertThrows(FileAlreadyExistsException.class, () -> start0(file)); // never written over
      RecordingRepair repair = format.repair(file);
      assertTrue(repair.wasBroken());
      long rows = assertRows();
      assertEquals(repair.rows(), rows);
      assertTrue(rows + " rows, said were " + lines, rows >= lastSaid(lines) && rows > 0);
      assertFalse(Files.exists(part) || Files.exists(wal));
      Files.delete(file);
    }
  }

  private static void start0(Path file) throws IOException {
    try (TableRecording recording = RecordingProcess.record(file)) {
      RecordingProcess.write(recording, 0);
    }
  }

  /**
   * A limit of the shell on the size of files: the write fails in the middle, as on a full disk.
   */
  @Test
  public void diskIsFull() throws Exception {
    Assume.assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
    for (int rowsPerSync : new int[] {1000, 1_000_000}) {
      Process process = start("ulimit -f 3000; ", rowsPerSync);
      List<String> lines;
      try (BufferedReader reader = process.inputReader()) {
        lines = reader.lines().toList();
      }
      assertTrue(lines.toString(), lines.get(lines.size() - 1).startsWith("failed"));
      assertFalse(Files.exists(file));
      RecordingRepair repair = format.repair(file);
      long rows = assertRows();
      assertTrue(rows + " " + repair, rows >= lastSaid(lines));
      assertTrue(rows + " " + lines, lastSaid(lines) > 0);
      Files.delete(file);
    }
  }

  /** Recordings that are cut off at many places, and mended. */
  @Test
  public void cutAnywhere() throws IOException {
    TreeSet<Long> safeRows = new TreeSet<>();
    byte[] partBytes;
    byte[] walBytes;
    try (TableRecording recording = RecordingProcess.record(file)) {
      for (int block = 0; block < 1800; block++) {
        RecordingProcess.write(recording, (long) block * RecordingProcess.BLOCK);
        if (block % 200 == 199) {
          recording.sync();
        }
      }
      partBytes = Files.readAllBytes(part);
      walBytes = Files.readAllBytes(wal);
    }
    Random random = new Random(1);
    int firstRecord = -1;
    for (int round = 0; round < 16; round++) {
      Files.deleteIfExists(file);
      int cut = random.nextInt(partBytes.length);
      boolean isWalCut = random.nextBoolean();
      Files.write(part, isWalCut ? partBytes : Arrays.copyOf(partBytes, cut));
      Files.write(
          wal, isWalCut ? Arrays.copyOf(walBytes, random.nextInt(walBytes.length)) : walBytes);
      try {
        safeRows.add(format.repair(part).rows());
        assertRows();
      } catch (IOException e) {
        assertTrue(e.getMessage(), e.getMessage().contains("just begun"));
        firstRecord = Math.max(firstRecord, cut);
        Files.delete(part);
      }
    }
    assertTrue("all but the first few hundred bytes can be mended", firstRecord < 4000);
    assertTrue(safeRows.toString(), safeRows.size() > 2);
  }

  /** A bit that the disk lost ends what is believed. */
  @Test
  public void brokenBits() throws IOException {
    byte[] bytes;
    try (TableRecording recording = RecordingProcess.record(file)) {
      for (int block = 0; block < 6000; block++) {
        RecordingProcess.write(recording, (long) block * RecordingProcess.BLOCK);
      }
      recording.sync();
      bytes = Files.readAllBytes(part);
    }
    Files.deleteIfExists(wal);
    bytes[bytes.length - 100_000] ^= 4;
    Files.write(part, bytes);
    RecordingRepair repair = format.repair(file);
    assertTrue(repair.droppedBytes() > 0);
    long rows = assertRows();
    assertTrue(rows > 0 && rows < 6000L * RecordingProcess.BLOCK);
  }

  @Test
  public void mendingMayBeInterruptedAndDoneAgain() throws IOException {
    try (TableRecording recording = RecordingProcess.record(file)) {
      for (int block = 0; block < 100; block++) {
        RecordingProcess.write(recording, (long) block * RecordingProcess.BLOCK);
        recording.sync();
      }
    }
    byte[] walBytes = Files.readAllBytes(wal);
    format.repair(file);
    byte[] mended = Files.readAllBytes(file);
    for (int cut = mended.length; cut > 3000; cut -= 9973) {
      Files.deleteIfExists(file);
      Files.write(part, Arrays.copyOf(mended, cut));
      Files.write(wal, walBytes);
      format.repair(file);
      assertEquals(100L * RecordingProcess.BLOCK, assertRows());
    }
  }

  @Test
  public void whatIsWholeStaysAsItIs() throws IOException {
    assertThrows(NoSuchFileException.class, () -> format.repair(file));
    try (TableRecording recording = RecordingProcess.record(file)) {
      RecordingProcess.write(recording, 0);
      recording.finish();
    }
    byte[] before = Files.readAllBytes(file);
    RecordingRepair repair = format.repair(file);
    assertFalse(repair.wasBroken());
    assertEquals(RecordingProcess.BLOCK, repair.rows());
    assertEquals(-1, Arrays.mismatch(before, Files.readAllBytes(file)));
    assertThrows(FileAlreadyExistsException.class, () -> start0(file));
  }

  /** Ten rows between syncs, as a slow table has: killed and mended it is no larger for that. */
  @Test
  public void mendedSlowTablesAreAsSmallAsOthers() throws IOException {
    byte[] partBytes;
    byte[] walBytes;
    List<SignalDescriptor> signals =
        IntStream.range(0, 20)
            .mapToObj(i -> SignalDescriptor.value("s" + i, DataTypes.REAL32).build())
            .toList();
    try (TableRecording recording =
        new TableRecording(
            AllTypes.DOMAIN, signals, Map.of(), (recorded, n) -> format.create(file, recorded))) {
      for (int row = 0; row < 3000; row++) {
        for (SignalDescriptor each : signals) {
          ByteBuffer sample = ByteBuffer.allocate(4).putInt(0, row * 7919);
          recording.onLine(each.signalId(), row, 1, row * 1_000_000L, 1_000_000, sample);
        }
        if (row % 10 == 9) {
          recording.sync();
        }
      }
      partBytes = Files.readAllBytes(part);
      walBytes = Files.readAllBytes(wal);
      assertTrue(
          recording.bytes() + " told of " + walBytes.length,
          recording.bytes() < partBytes.length + 300_000 && walBytes.length > 600_000);
      recording.finish();
    }
    long finished = Files.size(file);
    List<String> original = rows();
    Files.delete(file);
    Files.write(part, partBytes);
    Files.write(wal, walBytes);
    assertEquals(3000, format.repair(file).rows());
    assertEquals(1, format.describe(file).blocks());
    assertEquals(original, rows());
    assertTrue(Files.size(file) + " of " + finished, Files.size(file) < finished * 1.1);
  }

  private List<String> rows() throws IOException {
    List<String> rows = new ArrayList<>();
    try (RecordingReader reader = format.openToVerify(file)) {
      for (RowBlock block = reader.next(); block != null; block = reader.next()) {
        for (int i = 0; i < block.count(); i++) {
          int sample = block.samples(19).getInt(i * 4);
          rows.add(block.row() + i + " " + block.tick(i) + " " + sample);
        }
      }
    }
    return rows;
  }
}
