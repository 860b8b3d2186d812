/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.recording.support.SampleSize;
import org.daqstream.recording.support.TableRecording;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.RelatedSignal;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.testing.AllTypes;
import org.daqstream.testing.RecordedSamples;
import org.junit.Before;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is read is what was written: bytes, rows, ticks, descriptions, holes. */
public final class ReaderTest {
  private static final long START = 1_795_990_659_271_600_000L;
  private static final long MILLISECOND = 1_000_000;

  @org.junit.Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final ParquetFormat format = new ParquetFormat();
  private Path file;

  @Before
  public void setUp() {
    file = folder.getRoot().toPath().resolve("x.parquet");
  }

  private TableRecording record(SignalDescriptor domain, List<SignalDescriptor> signals) {
    return new TableRecording(
        domain, signals, Map.of("who", "me"), (part, number) -> format.create(file, part));
  }

  /** A type that only a plug-in knows. */
  private static List<SignalDescriptor> signals() {
    List<SignalDescriptor> signals = new ArrayList<>(AllTypes.signals());
    signals.add(SignalDescriptor.value("own", "percent8").build());
    return signals;
  }

  /** Blocks of all signals, with holes; all that was written, by signal and row. */
  private Map<String, ByteBuffer> write(Random random, int rows) throws IOException {
    AllTypes types = new AllTypes(random.nextLong());
    Map<String, ByteBuffer> written = new HashMap<>();
    List<SignalDescriptor> signals = signals();
    try (TableRecording recording = record(AllTypes.DOMAIN, signals)) {
      for (int row = 0; row < rows; ) {
        int count = 1 + random.nextInt(30);
        for (SignalDescriptor signal : signals) {
          if (random.nextInt(20) == 0) {
            continue;
          }
          int bytes = SampleSize.of(signal);
          for (int i = 0; i < count; i++) {
            ByteBuffer sample = types.sample(signal, bytes);
            long tick = START + (row + i) * MILLISECOND;
            String key = RecordedSamples.key(signal.signalId(), row + i, tick);
            written.put(key, sample.duplicate());
            recording.onLine(signal.signalId(), row + i, 1, tick, MILLISECOND, sample);
          }
        }
        row += count;
        if (random.nextInt(10) == 0) {
          recording.poll();
          recording.sync();
        }
      }
      recording.finish();
    }
    return written;
  }

  @Test
  public void bytesOfAllTypesAtRandom() throws IOException {
    for (long seed = 0; seed < 10; seed++) {
      Files.deleteIfExists(file);
      Map<String, ByteBuffer> written = write(new Random(seed), 600);
      try (RecordingReader reader = format.open(file)) {
        assertEquals(AllTypes.DOMAIN, reader.part().domain());
        assertEquals(signals(), reader.part().signals());
        assertEquals(Map.of("who", "me", "daqstream.part", "0"), reader.part().facts());
        assertEquals("seed " + seed, written, RecordedSamples.rest(reader));
      }
    }
  }

  @Test
  public void seekGoesToTheFirstRowAtOrBehind() throws IOException {
    Map<String, ByteBuffer> written = write(new Random(7), 300);
    try (RecordingReader reader = format.open(file)) {
      for (long row : new long[] {0, 150, 3, 299, 12}) {
        reader.seek(START + row * MILLISECOND - 1);
        Map<String, ByteBuffer> expected = new HashMap<>(written);
        expected.keySet().removeIf(key -> RecordedSamples.rowOf(key) < row);
        Map<String, ByteBuffer> read = RecordedSamples.rest(reader);
        // rows that came late stand further behind
        read.keySet().removeIf(key -> RecordedSamples.rowOf(key) < row);
        assertEquals("row " + row, expected, read);
      }
      reader.seek(Long.MAX_VALUE);
      assertNull(reader.next());
    }
  }

  /** Over row groups, without reading those in front. */
  @Test
  public void seekInManyRowGroups() throws IOException {
    SignalDescriptor signal = SignalDescriptor.value("a", DataTypes.REAL64).build();
    try (TableRecording recording = record(AllTypes.DOMAIN, List.of(signal))) {
      ByteBuffer block = ByteBuffer.allocate(8000).order(ByteOrder.LITTLE_ENDIAN);
      for (long row = 0; row < 3_000_000; row += 1000) {
        for (int i = 0; i < 1000; i++) {
          block.putDouble(i * 8, (double) (row + i));
        }
        recording.onLine("a", row, 1000, START + row * MILLISECOND, MILLISECOND, block);
      }
      recording.finish();
    }
    assertTrue(format.describe(file).blocks() > 1);
    try (RecordingReader reader = format.open(file)) {
      for (long row : new long[] {2_345_678, 1, 2_999_999, 1_048_576}) {
        reader.seek(START + row * MILLISECOND);
        RowBlock block = reader.next();
        assertEquals(row, block.row());
        assertEquals(START + row * MILLISECOND, block.tick(0));
        ByteBuffer samples = block.samples(0).order(ByteOrder.LITTLE_ENDIAN);
        assertEquals((double) row, samples.getDouble(samples.position()), 0);
      }
    }
  }

  @Test
  public void everyFactOfADescriptionIsThere() throws IOException {
    SignalDescriptor full =
        SignalDescriptor.value("a", DataTypes.INT16)
            .name("Temperature \"of\" the oil")
            .description("in the sump\n°C")
            .unit(Unit.DEGREE_CELSIUS)
            .range(-40, Double.POSITIVE_INFINITY)
            .postScaling(0.1, 1.0 / 3)
            .dimensions(
                List.of(
                    new Dimension.Log("f", 1, 0.1, 10, 2, Unit.HERTZ),
                    new Dimension.Values("place", List.of("front", 2L, 0.5), Unit.NONE)))
            .relatedSignals(List.of(new RelatedSignal("status", "b")))
            .metadata(Map.of("k", "v"))
            .replayLast(true)
            .isPublic(false)
            .build();
    SignalDescriptor line =
        SignalDescriptor.value("b", DataTypes.REAL64).rule(new Rule.LinearValue(0.1)).build();
    SignalDescriptor held =
        SignalDescriptor.value("c", DataTypes.REAL64).rule(Rule.CONSTANT).build();
    RecordingHole hole = new RecordingHole("b", "device", 1, 2, true, START, START + 1);
    try (TableRecording recording = record(AllTypes.DOMAIN, List.of(full, line, held))) {
      recording.onLine("b", 0, 1, START, MILLISECOND, ByteBuffer.allocate(8));
      recording.hole(hole);
      recording.finish();
    }
    try (RecordingReader reader = format.open(file)) {
      assertEquals(List.of(full, line, held), reader.part().signals());
      assertEquals(List.of(hole), reader.holes());
    }
  }

  /** Whatever bits are lost: an exception, or numbers; never something else, and it ends. */
  @Test
  public void brokenFilesAreRefusedOrRead() throws IOException {
    write(new Random(3), 400);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(1);
    int refused = 0;
    for (int round = 0; round < 1500; round++) {
      byte[] broken = whole.clone();
      int begin = round % 2 == 0 ? 0 : Math.max(0, whole.length - 20_000);
      for (int i = 0; i <= random.nextInt(4); i++) {
        int at = begin + random.nextInt(whole.length - begin);
        broken[at] = (byte) random.nextInt();
      }
      Files.write(file, broken);
      try (RecordingReader reader = format.open(file)) {
        long rows = 0;
        for (RowBlock block = reader.next(); block != null && rows < 1e6; block = reader.next()) {
          rows += block.count();
        }
        format.describe(file);
      } catch (IOException e) {
        assertTrue(e.getMessage(), e.getMessage().contains(file.toString()));
        refused++;
      }
    }
    assertNotEquals(0, refused);
  }

  @Test
  public void damagedValuesAreNeverGivenAsGoodOnes() throws IOException {
    Map<String, ByteBuffer> written = write(new Random(5), 2000);
    byte[] good = Files.readAllBytes(file);
    ByteBuffer end = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN);
    int footerAt = good.length - 8 - end.getInt(good.length - 8);
    Random random = new Random(6);
    int refused = 0;
    for (int i = 0; i < 200; i++) {
      byte[] bad = good.clone();
      bad[4 + random.nextInt(footerAt - 4)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bad);
      try (RecordingReader reader = format.open(file)) {
        assertEquals(written, RecordedSamples.rest(reader));
      } catch (IOException e) {
        refused++;
      }
    }
    assertTrue(refused + " were refused", refused > 100);
  }

  private String wrong() throws IOException {
    return RecordedSamples.wrong(format.openToVerify(file));
  }

  /** Nothing but a check reads the times: ticks tell them. */
  @Test
  public void timesAreThoseOfTheirTicks() throws IOException {
    write(new Random(8), 300);
    assertEquals("", wrong());
    String text = Files.readString(file, ISO_8859_1);
    String later = text.replace("1970-01-01", "1970-01-02");
    Files.writeString(file, later, ISO_8859_1);
    assertTrue(wrong(), wrong().startsWith("column 'time': row 0: time " + START + " ns"));
    try (RecordingReader reader = format.open(file)) {
      assertEquals(0, reader.readRatio(), 0);
      assertFalse(RecordedSamples.rest(reader).isEmpty());
      assertEquals(1, reader.readRatio(), 0);
    }
  }

  @Test
  public void timesBeyondTimestampsAreMissing() throws IOException {
    SignalDescriptor domain =
        AllTypes.DOMAIN.toBuilder().resolution(new Resolution(1, 1000)).build();
    SignalDescriptor signal = SignalDescriptor.value("a", DataTypes.REAL64).build();
    try (TableRecording recording = record(domain, List.of(signal))) {
      recording.onLine("a", 0, 1, START, MILLISECOND, ByteBuffer.allocate(8));
      recording.onLine("a", 1, 1, START / MILLISECOND, MILLISECOND, ByteBuffer.allocate(8));
      recording.finish();
    }
    assertEquals("", wrong());
  }
}
