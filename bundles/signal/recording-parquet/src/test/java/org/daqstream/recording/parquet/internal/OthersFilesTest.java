/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.testing.AllTypes;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Files of pyarrow, pandas, polars and DuckDB, as {@code make.py} beside them writes them. */
public final class OthersFilesTest {
  private static final long START = 1_795_990_659_273_000_000L;
  private static final int ROWS = 200;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final ParquetFormat format = new ParquetFormat();

  private static Path file(String name) {
    try {
      return Path.of(OthersFilesTest.class.getResource("/others/" + name + ".parquet").toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** Rows as maps from signals to values, {@code tick} and {@code row} among them. */
  private static List<Map<String, Object>> rest(RecordingReader reader) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<SignalDescriptor> signals = reader.part().signals();
    for (RowBlock block = reader.next(); block != null; block = reader.next()) {
      int[] at = new int[signals.size()];
      for (int i = 0; i < block.count(); i++) {
        Map<String, Object> row = new HashMap<>();
        row.put("tick", block.tick(i));
        row.put("row", block.row() + i);
        for (int s = 0; s < at.length; s++) {
          ByteBuffer samples = block.samples(s);
          if (samples != null) {
            int size = block.sampleBytes(s, i);
            ByteBuffer sample = samples.slice(samples.position() + at[s], size);
            row.put(
                signals.get(s).signalId(),
                AllTypes.expected(signals.get(s), sample.order(ByteOrder.LITTLE_ENDIAN)));
            at[s] += size;
          }
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static Map<String, Object> expected(int i, long ticksPerMillisecond) {
    Map<String, Object> row = new HashMap<>();
    row.put("tick", START / (1_000_000 / ticksPerMillisecond) + i * ticksPerMillisecond);
    row.put("row", (long) i);
    row.put("real", i * 0.5);
    row.put("small", i * 0.25f);
    row.put("whole", i - 500L);
    row.put("big", BigInteger.TWO.pow(63).add(BigInteger.valueOf(i)));
    if (i % 7 >= 3) {
      row.put("holes", (long) i);
    }
    row.put("repeated", i % 5 * 1.5);
    row.put("text", "grün " + i % 10);
    row.put("flag", i % 3 == 0 ? 1L : 0L);
    return row;
  }

  /** Texts are told by what they are, not by what they are called. */
  private void assertRows(String name, long ticksPerMillisecond) throws IOException {
    try (RecordingReader reader = format.open(file(name))) {
      RecordingPart part = reader.part();
      assertEquals(name, "time", part.domain().signalId());
      assertEquals(new Resolution(1, ticksPerMillisecond * 1000), part.domain().resolution());
      assertEquals("1970-01-01", part.domain().origin());
      List<Map<String, Object>> rows = rest(reader);
      assertEquals(name, ROWS, rows.size());
      for (int i = 0; i < ROWS; i++) {
        assertEquals(name, expected(i, ticksPerMillisecond), rows.get(i));
      }
      for (int from : new int[] {0, 1, 59, 60, 61, 133, 199}) {
        reader.seek(
            expected(from, ticksPerMillisecond).get("tick") instanceof Long tick ? tick : 0);
        List<Map<String, Object>> rest = rest(reader);
        assertEquals(name + " from " + from, ROWS - from, rest.size());
        assertEquals(expected(from, ticksPerMillisecond), rest.get(0));
      }
      reader.seek(Long.MAX_VALUE);
      assertNull(reader.next());
      reader.seek(Long.MIN_VALUE);
      assertEquals(ROWS, rest(reader).size());
    }
  }

  @Test
  public void nanoseconds() throws IOException {
    for (String each :
        List.of(
            "snappy-v1",
            "gzip-v2",
            "lz4",
            "plain-v1",
            "zstd-delta",
            "int96",
            "polars",
            "pandas",
            "duckdb",
            "duckdb-v2")) {
      assertRows(each, 1_000_000);
    }
  }

  @Test
  public void microseconds() throws IOException {
    assertRows("micros", 1000);
  }

  @Test
  public void numbersOfMilliseconds() throws IOException {
    try (RecordingReader reader = format.open(file("milliseconds"))) {
      SignalDescriptor domain = reader.part().domain();
      assertEquals("Time (ms)", domain.signalId());
      assertEquals(Resolution.NANOSECONDS, domain.resolution());
      assertEquals(Unit.SECOND, domain.unit());
      assertEquals("", domain.origin());
      assertEquals("list.list.element", reader.part().facts().get("notRead"));
      List<Map<String, Object>> rows = rest(reader);
      assertEquals(17_000_000L, rows.get(17).get("tick"));
      reader.seek(16_500_000);
      assertEquals(17L, rest(reader).get(0).get("row"));
    }
  }

  @Test
  public void noTimeIsRows() throws IOException {
    try (RecordingReader reader = format.open(file("no-time"))) {
      assertNull(reader.part().domain().resolution());
      reader.seek(4);
      List<Map<String, Object>> rows = rest(reader);
      assertEquals(6, rows.size());
      assertEquals(4L, rows.get(0).get("tick"));
      assertEquals(2.0, rows.get(0).get("real"));
    }
  }

  @Test
  public void whatIsNotReadIsTold() throws IOException {
    try (RecordingReader reader = format.open(file("brotli"))) {
      String why = assertThrows(IOException.class, reader::next).getMessage();
      assertTrue(why, why.contains("brotli.parquet: column '"));
      assertTrue(
          why,
          why.endsWith(
              "compression BROTLI is not read; write it with ZSTD, SNAPPY, LZ4_RAW or GZIP"));
    }
  }

  /** Booleans, texts and old timestamps have statistics of other kinds than numbers. */
  @Test
  public void whatIsInThemIsTold() throws IOException {
    for (String each : List.of("snappy-v1", "plain-v1", "int96", "polars", "pandas", "duckdb")) {
      RecordingSummary summary = format.describe(file(each));
      assertEquals(each, ROWS, summary.rows());
      Map<String, Object> highs = new HashMap<>();
      summary.columns().forEach(column -> highs.put(column.name(), column.high()));
      assertTrue(each, highs.containsKey("text") && highs.containsKey("flag"));
      assertEquals(each, 99.5, highs.get("real"));
      assertEquals(each, -301L, highs.get("whole"));
    }
    for (String each : List.of("polars", "micros")) {
      RecordingSummary.Column time = format.describe(file(each)).columns().get(0);
      assertEquals(each, START, time.low());
      assertEquals(each, START + 199 * 1_000_000L, time.high());
    }
  }

  /** Whatever bits are lost: an exception that names the column, or other numbers; it ends. */
  @Test
  public void brokenLz4() throws IOException {
    byte[] whole = Files.readAllBytes(file("lz4"));
    Path broken = folder.getRoot().toPath().resolve("broken.parquet");
    Random random = new Random(1);
    int refused = 0;
    for (int round = 0; round < 500; round++) {
      byte[] bytes = whole.clone();
      bytes[4 + random.nextInt(whole.length / 2)] ^= (byte) (1 << random.nextInt(8));
      Files.write(broken, bytes);
      try (RecordingReader reader = format.open(broken)) {
        rest(reader);
      } catch (IOException e) {
        assertTrue(e.getMessage(), e.getMessage().contains("column '"));
        refused++;
      }
    }
    assertTrue(refused + " refused", refused > 50);
  }
}
