/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.wav.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingRepair;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.recording.support.SampleSize;
import org.daqstream.recording.support.TableRecording;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.testing.AllTypes;
import org.daqstream.testing.RecordedSamples;
import org.junit.Before;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Channels as players hear them, and rows as they were. */
public final class WavFormatTest {
  private static final long START = 1_795_990_659_271_600_001L;
  private static final long MILLISECOND = 1_000_000;
  private static final List<String> TYPES =
      List.of(
          DataTypes.UINT8, DataTypes.INT16, DataTypes.INT32, DataTypes.REAL32, DataTypes.REAL64);

  @org.junit.Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final RecordingFormat format = new WavFormat();
  private Path file;
  private Path part;

  @Before
  public void setUp() {
    file = folder.getRoot().toPath().resolve("x.wav");
    part = file.resolveSibling("_x.wav.part");
  }

  private TableRecording record(RecordingFormat by, List<SignalDescriptor> signals) {
    return new TableRecording(
        AllTypes.DOMAIN, signals, Map.of("who", "me"), (p, number) -> by.create(file, p));
  }

  private static List<SignalDescriptor> signals(String type, String... ids) {
    return Arrays.stream(ids)
        .map(id -> SignalDescriptor.value(id, type).unit(Unit.VOLT).build())
        .toList();
  }

  private static ByteBuffer shorts(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * 2).order(ByteOrder.LITTLE_ENDIAN);
    for (int each : values) {
      buffer.putShort((short) each);
    }
    return buffer.flip();
  }

  /** Blocks with holes, jumps of rows and of time, and samples that come late. */
  private Map<String, ByteBuffer> write(TableRecording recording, String type, Random random)
      throws IOException {
    AllTypes types = new AllTypes(random.nextLong());
    List<SignalDescriptor> signals = signals(type, "a", "b", "c");
    Map<String, ByteBuffer> written = new HashMap<>();
    long row = random.nextInt(100);
    long tick = START;
    for (int step = 0; step < 150; step++) {
      int count = 1 + random.nextInt(30);
      for (SignalDescriptor signal : signals) {
        if (random.nextInt(10) == 0) {
          continue;
        }
        ByteBuffer block = ByteBuffer.allocate(count * 8);
        for (int i = 0; i < count; i++) {
          ByteBuffer sample = types.sample(signal, SampleSize.of(signal));
          String key = RecordedSamples.key(signal.signalId(), row + i, tick + i * MILLISECOND);
          written.put(key, sample.duplicate());
          block.put(sample);
        }
        recording.onLine(signal.signalId(), row, count, tick, MILLISECOND, block.flip());
      }
      row += count;
      tick += count * MILLISECOND;
      switch (random.nextInt(20)) {
        case 0 -> {
          recording.poll();
          recording.sync();
        }
        case 1 -> {
          int lost = random.nextInt(50);
          row += lost;
          tick += lost * MILLISECOND;
        }
        case 2 -> tick += random.nextInt((int) MILLISECOND * 20);
        default -> {}
      }
    }
    return written;
  }

  @Test
  public void allTypesAtRandom() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      Files.deleteIfExists(file);
      String type = TYPES.get(seed % TYPES.size());
      Map<String, ByteBuffer> written;
      // of the smaller limit each file is a large one
      RecordingFormat by = seed % 2 == 0 ? format : new WavFormat(1000);
      try (TableRecording recording = record(by, signals(type, "a", "b", "c"))) {
        written = write(recording, type, new Random(seed));
        recording.finish();
      }
      assertEquals(seed % 2 == 0 ? "RIFF" : "RF64", Files.readString(file, ISO).substring(0, 4));
      try (RecordingReader reader = format.open(file)) {
        assertEquals(AllTypes.DOMAIN, reader.part().domain());
        assertEquals(signals(type, "a", "b", "c"), reader.part().signals());
        assertEquals(Map.of("who", "me", "daqstream.part", "0"), reader.part().facts());
        assertEquals("seed " + seed, written, RecordedSamples.rest(reader));
        long middle = START + 500 * MILLISECOND;
        reader.seek(middle);
        Map<String, ByteBuffer> expected = new HashMap<>(written);
        expected.keySet().removeIf(key -> RecordedSamples.tickOf(key) < middle);
        assertEquals(expected, RecordedSamples.rest(reader));
        reader.seek(Long.MAX_VALUE);
        assertNull(reader.next());
        reader.seek(Long.MIN_VALUE);
        assertEquals(written.size(), RecordedSamples.rest(reader).size());
      }
    }
  }

  private static final java.nio.charset.Charset ISO = java.nio.charset.StandardCharsets.ISO_8859_1;

  /** Java's own reader knows nothing of ours. */
  @Test
  public void asPlayersHearIt() throws Exception {
    RecordingHole hole = new RecordingHole("l", "device", 2, 4, true, START + 2, START + 4);
    try (TableRecording recording = record(format, signals(DataTypes.INT16, "l", "r"))) {
      recording.onLine("l", 0, 2, START, MILLISECOND, shorts(1, -2));
      recording.onLine("r", 0, 2, START, MILLISECOND, shorts(30, 40));
      recording.hole(hole);
      long tick = START + 4 * MILLISECOND;
      recording.onLine("l", 4, 1, tick, MILLISECOND, shorts(5));
      recording.onLine("r", 4, 1, tick, MILLISECOND, shorts(50));
      recording.finish();
    }
    try (AudioInputStream audio = AudioSystem.getAudioInputStream(file.toFile())) {
      AudioFormat told = audio.getFormat();
      assertEquals(1000, told.getSampleRate(), 0);
      assertEquals(2, told.getChannels());
      assertEquals(AudioFormat.Encoding.PCM_SIGNED, told.getEncoding());
      assertEquals(5, audio.getFrameLength());
      ByteBuffer all = ByteBuffer.wrap(audio.readAllBytes());
      assertEquals(shorts(1, 30, -2, 40, 0, 0, 0, 0, 5, 50), all);
    }
    try (RecordingReader reader = format.open(file)) {
      assertEquals(List.of(hole), reader.holes());
      assertEquals(2, reader.next().count());
      assertEquals(4, reader.next().row());
    }
    RecordingSummary summary = format.describe(file);
    assertEquals(3, summary.rows());
    assertEquals(-2L, summary.columns().get(0).low());
  }

  /** What has no frame of its own is told. */
  @Test
  public void timeThatGoesBackIsAHole() throws IOException {
    try (TableRecording recording = record(format, signals(DataTypes.INT16, "l"))) {
      recording.onLine("l", 0, 2, START, MILLISECOND, shorts(1, 2));
      recording.onLine("l", 2, 1, START - 5 * MILLISECOND, MILLISECOND, shorts(3));
      recording.onLine("l", 3, 1, START, MILLISECOND, shorts(4));
      recording.finish();
    }
    try (RecordingReader reader = format.open(file)) {
      assertEquals(2, RecordedSamples.rest(reader).size());
      assertEquals(List.of(2L, 3L), reader.holes().stream().map(RecordingHole::fromRow).toList());
    }
  }

  private void assertRefused(String why, SignalDescriptor domain, SignalDescriptor... signals) {
    RecordingPart refused = new RecordingPart(domain, List.of(signals), Map.of());
    IOException e = assertThrows(IOException.class, () -> format.create(file, refused));
    assertTrue(e.getMessage(), e.getMessage().contains(why));
    assertFalse(Files.exists(part));
  }

  @Test
  public void whatWavCannotHold() {
    SignalDescriptor real = SignalDescriptor.value("a", DataTypes.REAL64).build();
    SignalDescriptor other = SignalDescriptor.value("b", DataTypes.INT16).build();
    SignalDescriptor line = AllTypes.DOMAIN;
    assertRefused("'t' is no even time", SignalDescriptor.explicitTime("t"), real);
    assertRefused("'text' is binary", line, SignalDescriptor.text("text").build());
    assertRefused("one type only, and 'b' is int16, others real64", line, real, other);
    assertRefused(
        "'a' is real64 with dimensions",
        line,
        real.toBuilder()
            .dimensions(List.of(new Dimension.Linear("i", 0, 1, 2, Unit.NONE)))
            .build());
    SignalDescriptor thirds = line.toBuilder().resolution(new Resolution(3, 1_000_000_000)).build();
    assertRefused("whole numbers of rows a second only, and 't' has", thirds, real);
  }

  @Test
  public void cutAnywhere() throws IOException {
    byte[] whole;
    byte[] notes;
    Map<String, ByteBuffer> written;
    Path wal = file.resolveSibling("_x.wav.wal");
    try (TableRecording recording = record(format, signals(DataTypes.INT32, "a", "b", "c"))) {
      written = write(recording, DataTypes.INT32, new Random(1));
      recording.poll();
      recording.poll();
      recording.poll();
      recording.sync();
      assertThrows(IOException.class, () -> format.repair(file)); // it is being recorded
      whole = Files.readAllBytes(part);
      notes = Files.readAllBytes(wal);
    }
    Random random = new Random(2);
    for (int round = 0; round < 20; round++) {
      int cut = round == 0 ? whole.length : 4000 + random.nextInt(whole.length - 4000);
      Files.deleteIfExists(file);
      Files.write(part, Arrays.copyOf(whole, cut + (round == 0 ? 17 : 0)));
      Files.write(wal, notes);
      RecordingRepair repair = format.repair(file);
      assertTrue(repair.wasBroken());
      try (RecordingReader reader = format.open(file)) {
        Map<String, ByteBuffer> read = RecordedSamples.rest(reader);
        assertTrue(written.entrySet().containsAll(read.entrySet()));
        if (round == 0) {
          assertEquals(written, read);
          assertEquals(17, repair.droppedBytes());
        }
      }
      assertFalse(Files.exists(part) || Files.exists(wal));
      assertFalse(format.repair(file).wasBroken());
    }
  }

  @Test
  public void brokenFilesAreRefusedOrRead() throws IOException {
    try (TableRecording recording = record(format, signals(DataTypes.INT16, "a", "b", "c"))) {
      write(recording, DataTypes.INT16, new Random(1));
      recording.finish();
    }
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(1);
    int refused = 0;
    for (int round = 0; round < 1000; round++) {
      byte[] broken = whole.clone();
      for (int i = 0; i <= random.nextInt(4); i++) {
        int at = round % 2 == 0 ? random.nextInt(100) : random.nextInt(whole.length);
        broken[at] = (byte) random.nextInt();
      }
      Files.write(file, broken);
      try (RecordingReader reader = format.open(file)) {
        long rows = 0;
        for (RowBlock block = reader.next(); block != null && rows < 1e6; block = reader.next()) {
          rows += block.count();
        }
      } catch (IOException e) {
        assertTrue(e.getMessage(), e.getMessage().contains(file.toString()));
        refused++;
      }
    }
    assertTrue(refused > 0);
  }

  /** A file of somebody else, whose writer was killed: the sizes are none. */
  @Test
  public void othersFiles() throws IOException {
    ByteBuffer wav = ByteBuffer.allocate(44 + 6).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(ISO)).putInt(-1).put("WAVEfmt ".getBytes(ISO)).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(8000).putInt(24000);
    wav.putShort((short) 3).putShort((short) 24).put("data".getBytes(ISO)).putInt(-1);
    wav.put(new byte[] {1, 0, 0, -1, -1, -1});
    Files.write(file, wav.array());
    try (RecordingReader reader = format.open(file)) {
      assertEquals(new Resolution(1, 8000), reader.part().domain().resolution());
      RowBlock block = reader.next();
      ByteBuffer samples = block.samples(0).order(ByteOrder.LITTLE_ENDIAN);
      assertEquals(2, block.count());
      assertEquals(0x100, samples.getInt(0));
      assertEquals(-0x100, samples.getInt(4));
      assertNull(reader.next());
    }
  }

  /** A check says how much of a file that was cut is missing; reading plays what is there. */
  @Test
  public void whatWasCutIsTold() throws IOException {
    try (TableRecording recording = record(format, signals(DataTypes.INT16, "l", "r"))) {
      recording.onLine("l", 0, 4, START, MILLISECOND, shorts(1, 2, 3, 4));
      recording.onLine("r", 0, 4, START, MILLISECOND, shorts(5, 6, 7, 8));
      recording.finish();
    }
    byte[] whole = Files.readAllBytes(file);
    assertEquals("", lack());
    int end = Files.readString(file, ISO).indexOf("data\20\0\0\0") + 8 + 16;
    cut(whole, end - 6);
    assertEquals("is cut off: 2 of 4 frames, the last 6 bytes, are missing", lack());
    assertEquals("it " + lack(), format.describe(file).facts().get("daqstream.cutOff"));
    try (RecordingReader reader = format.open(file)) {
      assertEquals(2, reader.next().count());
      assertEquals(1, reader.readRatio(), 0);
      assertNull(reader.next());
    }
    cut(whole, end);
    assertTrue(lack(), lack().startsWith("is cut off behind its frames"));
  }

  private void cut(byte[] whole, int bytes) throws IOException {
    Files.write(file, Arrays.copyOf(whole, bytes));
  }

  private String lack() throws IOException {
    return RecordedSamples.wrong(format.openToVerify(file));
  }

  /** Who writes into a pipe, or is killed, does not know the sizes: nothing is missing. */
  @Test
  public void sizesThatWereNeverFilledIn() throws IOException {
    for (int size : new int[] {0, 0x7FFFFFFF, 0x7FFFF024, -1}) {
      ByteBuffer wav = ByteBuffer.allocate(44 + 6).order(ByteOrder.LITTLE_ENDIAN);
      wav.put("RIFF".getBytes(ISO)).putInt(size).put("WAVEfmt ".getBytes(ISO)).putInt(16);
      wav.putShort((short) 1).putShort((short) 1).putInt(8000).putInt(16000);
      wav.putShort((short) 2).putShort((short) 16).put("data".getBytes(ISO)).putInt(size);
      Files.write(file, wav.put(new byte[] {1, 0, 2, 0, 3, 0}).array());
      assertEquals("", lack());
      assertEquals(3, format.describe(file).rows());
    }
  }

  /** A large file whose writer was killed has zeros where its sizes will be. */
  @Test
  public void unfinishedLargeFiles() throws IOException {
    ByteBuffer wav = ByteBuffer.allocate(80 + 6).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RF64".getBytes(ISO)).putInt(-1).put("WAVEds64".getBytes(ISO)).putInt(28);
    wav.position(wav.position() + 28);
    wav.put("fmt ".getBytes(ISO)).putInt(16);
    wav.putShort((short) 1).putShort((short) 1).putInt(8000).putInt(16000);
    wav.putShort((short) 2).putShort((short) 16).put("data".getBytes(ISO)).putInt(-1);
    Files.write(file, wav.put(new byte[] {1, 0, 2, 0, 3, 0}).array());
    assertEquals("", lack());
    assertEquals(3, format.describe(file).rows());
  }
}
