/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.csv.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingProgress;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingRepair;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.recording.format.support.NotesFile;
import org.daqstream.recording.support.SampleSize;
import org.daqstream.recording.support.TableRecording;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.daqstream.testing.AllTypes;
import org.daqstream.testing.RecordedSamples;
import org.junit.Before;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Tables as people see them, and read again as they were. */
public final class CsvFormatTest {
  private static final long START = 1_795_990_659_271_600_001L;
  private static final long MILLISECOND = 1_000_000;

  @org.junit.Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final CsvFormat format = new CsvFormat();
  private Path file;

  @Before
  public void setUp() {
    file = folder.getRoot().toPath().resolve("x.csv");
  }

  private TableRecording record(SignalDescriptor domain, List<SignalDescriptor> signals) {
    return new TableRecording(
        domain, signals, Map.of("who", "me"), (part, number) -> format.create(file, part));
  }

  private static ByteBuffer doubles(double... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asDoubleBuffer().put(values);
    return buffer;
  }

  private static Object decoded(SignalDescriptor signal, ByteBuffer sample) {
    Object value =
        signal.dataType().equals("percent8")
            ? HexFormat.of().formatHex(bytes(sample))
            : AllTypes.expected(signal, sample);
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value;
  }

  private static byte[] bytes(ByteBuffer sample) {
    byte[] bytes = new byte[sample.remaining()];
    sample.get(sample.position(), bytes);
    return bytes;
  }

  private static Map<String, Object> rest(RecordingReader reader) throws IOException {
    Map<String, ByteBuffer> bytes = RecordedSamples.rest(reader);
    Map<String, Object> values = new HashMap<>();
    for (SignalDescriptor signal : reader.part().signals()) {
      bytes.forEach(
          (key, sample) -> {
            if (key.startsWith(signal.signalId() + "@")) {
              values.put(key, decoded(signal, sample));
            }
          });
    }
    assertEquals(bytes.size(), values.size());
    return values;
  }

  @Test
  public void allTypesAtRandom() throws IOException {
    List<SignalDescriptor> signals = new ArrayList<>(AllTypes.signals());
    signals.add(SignalDescriptor.value("own", "percent8").build());
    for (long seed = 0; seed < 5; seed++) {
      Files.deleteIfExists(file);
      Random random = new Random(seed);
      AllTypes types = new AllTypes(seed);
      Map<String, Object> written = new HashMap<>();
      try (TableRecording recording = record(AllTypes.DOMAIN, signals)) {
        for (int row = 0; row < 400; row++) {
          for (SignalDescriptor signal : signals) {
            if (random.nextInt(15) > 0) {
              ByteBuffer sample = types.sample(signal, SampleSize.of(signal));
              long tick = START + row * MILLISECOND;
              String key = RecordedSamples.key(signal.signalId(), row, tick);
              written.put(key, decoded(signal, sample));
              recording.onLine(signal.signalId(), row, 1, tick, MILLISECOND, sample);
            }
          }
          if (random.nextInt(20) == 0) {
            recording.poll();
            recording.sync();
          }
        }
        recording.finish();
      }
      try (RecordingReader reader = format.open(file)) {
        assertEquals(AllTypes.DOMAIN, reader.part().domain());
        assertEquals(signals, reader.part().signals());
        assertEquals(Map.of("who", "me", "daqstream.part", "0"), reader.part().facts());
        assertEquals("seed " + seed, written, rest(reader));
        long from = 123;
        reader.seek(START + from * MILLISECOND);
        assertEquals(from, reader.next().row());
        reader.seek(Long.MAX_VALUE);
        assertNull(reader.next());
      }
    }
  }

  private static List<SignalDescriptor> forPeople() {
    return List.of(
        SignalDescriptor.value("U", DataTypes.REAL64).unit(Unit.VOLT).build(),
        SignalDescriptor.value("raw", DataTypes.INT16)
            .unit(Unit.DEGREE_CELSIUS)
            .postScaling(-10, 0.5)
            .build(),
        SignalDescriptor.value("bits", DataTypes.BIT_FIELD)
            .bits(DataTypes.UINT8, List.of(new Bit(3, "door open", "")))
            .build(),
        SignalDescriptor.value("time", DataTypes.STRUCT)
            .members(
                List.of(
                    new StructMember("a", DataTypes.UINT8),
                    StructMember.array("b", DataTypes.INT8, 2)))
            .build(),
        SignalDescriptor.value("m", DataTypes.UINT8)
            .dimensions(List.of(new Dimension.Linear("i", 0, 1, 2, Unit.NONE)))
            .build(),
        SignalDescriptor.text("note").build());
  }

  @Test
  public void asPeopleSeeIt() throws IOException {
    try (TableRecording recording = record(AllTypes.DOMAIN, forPeople())) {
      recording.onLine("U", 0, 2, START, 1, doubles(0.1, Double.NEGATIVE_INFINITY));
      recording.onLine("raw", 0, 1, START, 1, ByteBuffer.wrap(new byte[] {-1, -1}));
      recording.onLine("bits", 0, 1, START, 1, ByteBuffer.wrap(new byte[] {(byte) 0x88}));
      recording.onLine("time", 0, 1, START, 1, ByteBuffer.wrap(new byte[] {1, 2, -3}));
      recording.onLine("m", 0, 1, START, 1, ByteBuffer.wrap(new byte[] {7, 8}));
      recording.onLine("note", 0, 1, START, 1, ByteBuffer.wrap("a \"b\", c".getBytes(UTF_8)));
      recording.onLine("note", 1, 1, START + 1, 1, ByteBuffer.allocate(0));
      recording.finish();
    }
    assertEquals(
        List.of(
            "time,tick,row,U [V],raw [°C],bits,time_.a,time_.b[0],time_.b[1],m[0],m[1],note",
            "2026-11-29T22:17:39.271600001Z,1795990659271600001,0,0.1,-10.5,136,1,2,-3,7,8"
                + ",\"a \"\"b\"\", c\"",
            "2026-11-29T22:17:39.271600002Z,1795990659271600002,1,-inf,,,,,,,,\"\""),
        Files.readAllLines(file));
    try (RecordingReader reader = format.open(file)) {
      RowBlock block = reader.next();
      assertEquals(1, block.count());
      assertEquals(-1, block.samples(1).order(ByteOrder.LITTLE_ENDIAN).getShort(0));
      assertEquals(0, reader.next().samples(5).remaining());
    }
  }

  @Test
  public void rowsWithoutATime() throws IOException {
    SignalDescriptor domain = SignalDescriptor.value("rows", DataTypes.INT64).build();
    try (TableRecording recording = record(domain, forPeople().subList(0, 1))) {
      recording.onLine("U", 5, 2, 5, 1, doubles(1, Double.NaN));
      recording.finish();
    }
    assertEquals(List.of("tick,row,U [V]", "5,5,1.0", "6,6,NaN"), Files.readAllLines(file));
  }

  @Test
  public void otherTicksThanNanoseconds() throws IOException {
    SignalDescriptor domain =
        SignalDescriptor.value("t", DataTypes.INT64)
            .unit(Unit.SECOND)
            .resolution(new Resolution(1, 3_000_000))
            .origin("2026-01-01T00:00:00Z")
            .rule(new Rule.Linear(1))
            .build();
    try (TableRecording recording = record(domain, forPeople().subList(0, 1))) {
      recording.onLine("U", 0, 1, -2, 1, doubles(1));
      recording.finish();
    }
    assertEquals("2025-12-31T23:59:59.999999333Z,-2,0,1.0", Files.readAllLines(file).get(1));
  }

  @Test
  public void whatASampleIsTooLargeForIsRefused() {
    SignalDescriptor image =
        SignalDescriptor.value("image", DataTypes.UINT8)
            .dimensions(List.of(new Dimension.Linear("i", 0, 1, 5000, Unit.NONE)))
            .build();
    try (TableRecording recording = record(AllTypes.DOMAIN, List.of(image))) {
      IOException e =
          assertThrows(
              IOException.class,
              () -> recording.onLine("image", 0, 1, 0, 1, ByteBuffer.allocate(5000)));
      assertTrue(e.getMessage(), e.getMessage().contains("'image' has more than 4096 numbers"));
    }
    assertFalse(Files.exists(file.resolveSibling("_x.csv.part")));
  }

  @Test
  public void cutAnywhere() throws IOException {
    Path part = file.resolveSibling("_x.csv.part");
    RecordingHole hole = new RecordingHole("U", "device", 10, 20, false, 0, 0);
    try (TableRecording recording = record(AllTypes.DOMAIN, forPeople())) {
      for (int row = 0; row < 300; row++) {
        ByteBuffer note = ByteBuffer.wrap(("line\n" + row).getBytes(UTF_8));
        recording.onLine("U", row, 1, START + row, 1, doubles(row));
        recording.onLine("note", row, 1, START + row, 1, note);
      }
      recording.hole(hole);
      recording.poll();
      recording.poll();
      recording.poll();
      recording.sync();
      assertThrows(IOException.class, () -> format.repair(file)); // it is being recorded
    }
    byte[] whole = Files.readAllBytes(part);
    byte[] notes = Files.readAllBytes(file.resolveSibling("_x.csv.wal"));
    Random random = new Random(1);
    long before = -1;
    int[] cuts = random.ints(30, 200, whole.length + 1).sorted().toArray();
    cuts[29] = whole.length;
    for (int cut : cuts) {
      Files.deleteIfExists(file);
      Files.write(part, Arrays.copyOf(whole, cut));
      Files.write(file.resolveSibling("_x.csv.wal"), notes);
      RecordingRepair repair = format.repair(part);
      assertTrue(repair.wasBroken());
      assertEquals(cut - Files.size(file), repair.droppedBytes());
      assertTrue(repair.rows() >= before);
      before = repair.rows();
      assertEquals(before, format.describe(file).rows());
      try (RecordingReader reader = format.open(file)) {
        assertEquals(List.of(hole), reader.holes());
      }
      assertFalse(Files.exists(part));
    }
    assertEquals(300, before);
    assertFalse(format.repair(file).wasBroken());
  }

  @Test
  public void othersTablesAreNot() throws IOException {
    Files.writeString(file, "a,b\n1,2\n");
    IOException e = assertThrows(IOException.class, () -> format.open(file));
    assertTrue(e.getMessage(), e.getMessage().contains("no x.csv.json"));
  }

  @Test
  public void whatSomebodyEditedIsNamed() throws IOException {
    try (TableRecording recording = record(AllTypes.DOMAIN, forPeople().subList(0, 1))) {
      recording.onLine("U", 0, 2, START, 1, doubles(1, 2));
      recording.finish();
    }
    Files.writeString(file, Files.readString(file).replace(",2.0", ",two"));
    try (RecordingReader reader = format.open(file)) {
      IOException e = assertThrows(IOException.class, reader::next);
      assertTrue(e.getMessage(), e.getMessage().contains("x.csv: line 3: "));
    }
  }

  /** A check says of a table that was cut or changed what reading it does not. */
  @Test
  public void checkedMoreClosely() throws IOException {
    try (TableRecording recording = record(AllTypes.DOMAIN, forPeople().subList(0, 1))) {
      recording.onLine("U", 0, 2, START, 1, doubles(1, 2));
      recording.finish();
    }
    String whole = Files.readString(file);
    assertEquals("", wrong());
    Files.writeString(file, whole.replace("271600001Z", "271600000Z"));
    assertTrue(wrong(), wrong().contains("line 2: time '2026-11-29T22:17:39.271600000Z' where"));
    Files.writeString(file, whole.lines().limit(2).collect(Collectors.joining("\n", "", "\n")));
    assertTrue(wrong(), wrong().startsWith("has 1 rows, and had 2 when it was finished"));
    try (RecordingReader reader = format.open(file)) {
      assertEquals(1, reader.next().count());
      assertEquals(1, reader.readRatio(), 0);
      assertNull(reader.next());
    }
  }

  private String wrong() throws IOException {
    return RecordedSamples.wrong(format.openToVerify(file));
  }

  /** Who looks into a large file can be interrupted, and nothing is cut off by that. */
  @Test
  public void readingCanBeInterrupted() throws IOException {
    try (TableRecording recording = record(AllTypes.DOMAIN, forPeople().subList(0, 1))) {
      recording.onLine("U", 0, 2, START, 1, doubles(1, 2));
      recording.finish();
    }
    Thread.currentThread().interrupt();
    assertThrows(ClosedByInterruptException.class, () -> format.describe(file));
    assertTrue(Thread.interrupted());
    try (CsvRowReader reader =
        new CsvRowReader(file, NotesFile.read(CsvFormat.notes(file)), false)) {
      Thread.currentThread().interrupt();
      assertThrows(IOException.class, () -> reader.wholeLines(RecordingProgress.NONE));
      assertTrue(Thread.interrupted());
    }
  }
}
