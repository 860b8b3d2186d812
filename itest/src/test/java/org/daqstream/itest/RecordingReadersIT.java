/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.csv.internal.CsvFormat;
import org.daqstream.recording.parquet.internal.ParquetFormat;
import org.daqstream.recording.support.SampleSize;
import org.daqstream.recording.support.TableRecording;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.testing.AllTypes;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Other people's readers on recordings of all data types: pyarrow, DuckDB, polars and pandas see
 * every value, tick, row and nanosecond as it was.
 */
public class RecordingReadersIT {
  private static final long START = 1_795_990_659_273_000_001L;
  private static final long MILLISECOND = 1_000_000;
  private static final int ROWS = 1000;
  private static final long READ_TIMEOUT_MS = 120_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final RecordingFormat format = new ParquetFormat();
  private final List<String> expected = new ArrayList<>();
  private Path file;

  @BeforeClass
  public static void install() throws Exception {
    SdkPython.installReaders();
  }

  /** Each signal misses another row in every seven. */
  private TableRecording record() throws IOException {
    file = folder.getRoot().toPath().resolve("all.parquet");
    List<SignalDescriptor> signals = AllTypes.signals();
    AllTypes types = new AllTypes(1);
    TableRecording recording =
        new TableRecording(
            AllTypes.DOMAIN, signals, Map.of(), (part, number) -> format.create(file, part));
    for (int row = 0; row < ROWS; row++) {
      long tick = START + row * MILLISECOND;
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < signals.size(); i++) {
        SignalDescriptor signal = signals.get(i);
        boolean isThere = (row + i) % 7 != 0;
        ByteBuffer sample = types.sample(signal, SampleSize.of(signal));
        if (signal.signalId().equals("real64") && row % 50 == 0) {
          sample = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          sample.putDouble(0, Double.NaN);
        }
        values.add(isThere ? plain(AllTypes.expected(signal, sample)) : null);
        if (isThere) {
          recording.onLine(signal.signalId(), row, 1, tick, MILLISECOND, sample);
        }
      }
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("nanos", tick);
      line.put("tick", tick);
      line.put("row", row);
      line.put("values", values);
      expected.add(JSON.writeValueAsString(line));
      if (row % 100 == 99) {
        recording.sync();
      }
    }
    return recording;
  }

  private static Object plain(Object value) {
    if (value instanceof Float number) {
      return number.doubleValue(); // all its digits
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(RecordingReadersIT::plain).toList();
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> members = new LinkedHashMap<>();
      map.forEach((key, member) -> members.put(key, plain(member)));
      return members;
    }
    return value;
  }

  private void assertRead(int rows) throws Exception {
    Path lines = folder.newFile().toPath();
    Files.write(lines, expected.subList(0, rows));
    try (RunningProcess readers =
        SdkPython.start("recordings.py", file.toString(), lines.toString())) {
      assertEquals(String.join("\n", readers.lines()), 0, readers.awaitExit(READ_TIMEOUT_MS));
      assertEquals(
          List.of("pyarrow", "duckdb", "polars", "pandas", "queries"),
          readers.lines().stream().map(line -> line.replaceFirst(" .*", "")).toList());
    }
  }

  @Test
  public void readersOfOthersSeeEveryValue() throws Exception {
    try (TableRecording recording = record()) {
      recording.finish();
    }
    assertRead(ROWS);
  }

  @Test
  public void andThoseOfMendedRecordings() throws Exception {
    record().close(); // as if it were killed
    long rows = format.repair(file).rows();
    // the last rows waited for signals that miss them
    assertTrue(rows + " rows", rows > ROWS - 10);
    assertRead((int) rows);
  }

  /** Each seventh number is missing; texts have quotes, commas and more than ASCII. */
  @Test
  public void tablesAreReadWithoutOptions() throws Exception {
    file = folder.getRoot().toPath().resolve("table.csv");
    List<SignalDescriptor> signals =
        List.of(
            SignalDescriptor.value("real", DataTypes.REAL64).unit(Unit.VOLT).build(),
            SignalDescriptor.text("text").build());
    try (TableRecording recording =
        new TableRecording(
            AllTypes.DOMAIN, signals, Map.of(), (part, n) -> new CsvFormat().create(file, part))) {
      for (int row = 0; row < ROWS; row++) {
        long tick = START + row * MILLISECOND;
        double real = Math.sin(row) * Math.pow(10, row % 600 - 300);
        String text = "grün \"" + row + "\", x";
        if (row % 7 > 0) {
          ByteBuffer sample = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          recording.onLine("real", row, 1, tick, MILLISECOND, sample.putDouble(0, real));
        }
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
        recording.onLine("text", row, 1, tick, MILLISECOND, bytes);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("tick", tick);
        line.put("row", row);
        line.put("real", row % 7 > 0 ? real : null);
        line.put("text", text);
        expected.add(JSON.writeValueAsString(line));
      }
      recording.finish();
    }
    Path lines = folder.newFile().toPath();
    Files.write(lines, expected);
    try (RunningProcess readers = SdkPython.start("tables.py", file.toString(), lines.toString())) {
      assertEquals(String.join("\n", readers.lines()), 0, readers.awaitExit(READ_TIMEOUT_MS));
      assertEquals(List.of("pandas 1000", "duckdb 1000", "polars 1000"), readers.lines());
    }
  }

  /** Each example in Python prints what stands below it. */
  @Test
  public void examplesInTheDocumentsPrintWhatTheySay() throws Exception {
    recordDemo();
    String text = Files.readString(Repository.ROOT.resolve("docs/recordings.md"));
    Matcher example = Pattern.compile("(?s)```python\n(.*?)```\n\n```\n(.*?)```").matcher(text);
    int examples = 0;
    for (; example.find(); examples++) {
      Path script = folder.newFile().toPath();
      Files.writeString(script, example.group(1));
      List<String> command = List.of(SdkPython.PYTHON.toString(), script.toString());
      try (RunningProcess python =
          RunningProcess.start(folder.getRoot().toPath(), command, UTF8_OUTPUT)) {
        assertEquals(String.join("\n", python.lines()), 0, python.awaitExit(READ_TIMEOUT_MS));
        assertEquals(printed(example.group(2).lines()), printed(python.lines().stream()));
      }
    }
    assertEquals(3, examples);
  }

  private static final Map<String, String> UTF8_OUTPUT = Map.of("PYTHONIOENCODING", "utf-8");

  private static String printed(Stream<String> lines) {
    return lines.map(String::stripTrailing).collect(Collectors.joining("\n")).strip();
  }

  /** As the document says: 3 s in which a tenth of a second is missing. */
  private void recordDemo() throws IOException {
    file = folder.getRoot().toPath().resolve("demo.parquet");
    long start = 1_796_025_600_500_000_000L;
    List<SignalDescriptor> signals =
        Stream.of("demo/0", "demo/1")
            .map(id -> SignalDescriptor.value(id, DataTypes.REAL64).unit(Unit.VOLT).build())
            .toList();
    SignalDescriptor domain = SignalDescriptor.linearTime("demo/time", MILLISECOND);
    try (TableRecording recording =
        new TableRecording(domain, signals, Map.of(), (part, n) -> format.create(file, part))) {
      for (int row = 0; row < 3 * ROWS; row++) {
        long tick = start + row * MILLISECOND;
        for (int i = 0; i < 2 && (row < 1000 || row >= 1100); i++) {
          String id = "demo/" + i;
          if (row == 1100) {
            long lost = start + 1000 * MILLISECOND;
            recording.hole(new RecordingHole(id, "device", 1000, 1100, true, lost, tick));
          }
          ByteBuffer sample = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          sample.putDouble(0, i == 0 ? row % 1000 / 1000.0 : row);
          recording.onLine(id, row, 1, tick, MILLISECOND, sample);
        }
      }
      recording.finish();
    }
  }
}
