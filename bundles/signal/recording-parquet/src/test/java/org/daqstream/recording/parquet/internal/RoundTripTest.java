/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.recording.support.SampleSize;
import org.daqstream.recording.support.TableRecording;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.testing.AllTypes;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What was recorded is read again: values, rows, ticks and times. */
public final class RoundTripTest {
  private static final long START = 1_795_990_659_271_600_000L;
  private static final long MILLISECOND = 1_000_000;

  @org.junit.Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final ParquetFormat format = new ParquetFormat();

  private Path file(int number) {
    return folder.getRoot().toPath().resolve("x" + number + ".parquet");
  }

  private TableRecording record(SignalDescriptor domain, List<SignalDescriptor> signals) {
    return new TableRecording(
        domain, signals, Map.of("who", "me"), (part, n) -> format.create(file(n), part));
  }

  private List<List<Object>> rows(int number) throws IOException {
    return DecodedRows.of(file(number));
  }

  private static void assertSame(Object expected, Object actual) {
    if (expected instanceof byte[] bytes) {
      assertArrayEquals(bytes, (byte[]) actual);
    } else {
      assertEquals(expected, actual);
    }
  }

  private static ByteBuffer doubles(double... values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asDoubleBuffer().put(values);
    return buffer;
  }

  private static SignalDescriptor real64(String signalId) {
    return SignalDescriptor.value(signalId, DataTypes.REAL64).build();
  }

  /** Random blocks of random signals, in any order of signals, with holes and syncs. */
  @Test
  public void allTypesAtRandom() throws IOException {
    for (long seed = 0; seed < 20; seed++) {
      Files.deleteIfExists(file(0));
      Random random = new Random(seed);
      AllTypes types = new AllTypes(seed);
      List<SignalDescriptor> signals = AllTypes.signals();
      Map<Long, Map<String, Object>> expected = new TreeMap<>();
      long[] next = new long[signals.size()];
      try (TableRecording recording = record(AllTypes.DOMAIN, signals)) {
        for (int step = 0; step < 400; step++) {
          int which = random.nextInt(signals.size());
          SignalDescriptor signal = signals.get(which);
          int bytes = SampleSize.of(signal);
          int count = bytes == 0 ? 1 : 1 + random.nextInt(40);
          next[which] += random.nextInt(10) == 0 ? random.nextInt(5) : 0;
          ByteBuffer block = ByteBuffer.allocate(count * 64);
          for (int i = 0; i < count; i++) {
            ByteBuffer sample = types.sample(signal, bytes);
            block.put(sample.duplicate());
            expected
                .computeIfAbsent(next[which] + i, row -> new TreeMap<>())
                .put(signal.signalId(), AllTypes.expected(signal, sample));
          }
          long tick = START + next[which] * MILLISECOND;
          recording.onLine(signal.signalId(), next[which], count, tick, MILLISECOND, block.flip());
          next[which] += count;
          if (random.nextInt(20) == 0) {
            recording.poll();
            recording.sync();
          }
        }
        recording.finish();
      }
      assertRows(seed, signals, expected);
    }
  }

  private void assertRows(
      long seed, List<SignalDescriptor> signals, Map<Long, Map<String, Object>> expected)
      throws IOException {
    for (List<Object> row : rows(0)) {
      long number = (long) row.get(2);
      assertEquals(START + number * MILLISECOND, row.get(1));
      assertEquals(Instant.ofEpochSecond(0, START + number * MILLISECOND), row.get(0));
      for (int i = 0; i < signals.size(); i++) {
        String id = signals.get(i).signalId();
        Object value = row.get(3 + i);
        if (value != null) {
          // each sample once, maybe later than others of its row
          assertSame(expected.get(number).remove(id), value);
        }
      }
    }
    expected.forEach((row, left) -> assertEquals("seed " + seed + " row " + row, Map.of(), left));
  }

  @Test
  public void allTypesWithoutHolesAreRowForRow() throws IOException {
    List<SignalDescriptor> signals = AllTypes.signals();
    AllTypes types = new AllTypes(5);
    List<List<Object>> expected = new ArrayList<>();
    try (TableRecording recording = record(AllTypes.DOMAIN, signals)) {
      for (int row = 0; row < 1000; row++) {
        List<Object> values = new ArrayList<>();
        for (SignalDescriptor each : signals) {
          ByteBuffer sample = types.sample(each, SampleSize.of(each));
          values.add(AllTypes.expected(each, sample));
          recording.onLine(each.signalId(), row, 1, START + row, 1, sample);
        }
        expected.add(values);
      }
      recording.finish();
    }
    List<List<Object>> rows = rows(0);
    assertEquals(expected.size(), rows.size());
    for (int row = 0; row < rows.size(); row++) {
      assertEquals((long) row, rows.get(row).get(2));
      for (int i = 0; i < signals.size(); i++) {
        assertSame(expected.get(row).get(i), rows.get(row).get(3 + i));
      }
    }
  }

  @Test
  public void manyRowGroups() throws IOException {
    int count = 1000;
    try (TableRecording recording = record(AllTypes.DOMAIN, List.of(real64("a"), real64("b")))) {
      double[] values = new double[count];
      for (long block = 0; block < 1600; block++) {
        for (int i = 0; i < count; i++) {
          values[i] = (double) (block * count + i);
        }
        long tick = START + block * count * MILLISECOND;
        recording.onLine("a", block * count, count, tick, MILLISECOND, doubles(values));
        recording.onLine("b", block * count, count, tick, MILLISECOND, doubles(values));
      }
      recording.finish();
    }
    RecordingSummary summary = format.describe(file(0));
    assertEquals(1_600_000, summary.rows());
    assertTrue("" + summary.blocks(), summary.blocks() > 2);
    assertEquals((Long) START, summary.firstTick());
    assertEquals((Long) (START + 1_599_999 * MILLISECOND), summary.lastTick());
    assertEquals(1_599_999.0, summary.columns().get(4).high());
    long row = 0;
    try (RecordingReader reader = format.open(file(0))) {
      for (RowBlock block = reader.next(); block != null; block = reader.next()) {
        assertEquals(row, block.row());
        assertTrue(block.isOnLine());
        for (int i = 0; i < block.count(); i++, row++) {
          assertEquals(START + row * MILLISECOND, block.tick(i));
          assertEquals((double) row, ElementType.REAL64.doubleAt(block.samples(1), i * 8), 0);
        }
      }
    }
    assertEquals(1_600_000, row);
  }

  /** A third of a microsecond is no whole number of nanoseconds. */
  @Test
  public void timesOfUnevenTicksAreRoundedDown() throws IOException {
    SignalDescriptor domain =
        SignalDescriptor.value("t", DataTypes.INT64)
            .unit(Unit.SECOND)
            .resolution(new Resolution(1, 3_000_000))
            .origin("2026-01-01T00:00:00Z")
            .rule(new Rule.Linear(1))
            .build();
    try (TableRecording recording = record(domain, List.of(real64("a")))) {
      recording.onLine("a", 0, 4, -2, 1, doubles(1, 2, 3, 4));
      recording.finish();
    }
    Instant origin = Instant.parse("2026-01-01T00:00:00Z");
    List<Object> times = rows(0).stream().map(each -> each.get(0)).toList();
    assertEquals(
        List.of(origin.minusNanos(667), origin.minusNanos(334), origin, origin.plusNanos(333)),
        times);
  }

  /** Of an explicit domain, one by one and in blocks, at equal distances and at others. */
  @Test
  public void ticksAreExactHoweverTheyCome() throws IOException {
    List<Object> expected = new ArrayList<>();
    Random random = new Random(3);
    try (TableRecording recording =
        record(SignalDescriptor.explicitTime("t"), List.of(real64("a")))) {
      long tick = START;
      for (int block = 0; block < 2000; block++) {
        long[] ticks = new long[1 + random.nextInt(3)];
        boolean isEven = block % 100 < 50;
        for (int i = 0; i < ticks.length; i++) {
          tick += isEven ? 10 : random.nextInt(1 << random.nextInt(30));
          ticks[i] = tick;
          expected.add(tick);
        }
        long row = (long) expected.size() - ticks.length;
        ByteBuffer samples = doubles(new double[ticks.length]);
        if (isEven) {
          recording.onLine("a", row, ticks.length, ticks[0], 10, samples);
        } else {
          recording.stamped("a", row, ticks, samples);
        }
        if (block % 300 == 0) {
          recording.sync();
        }
      }
      recording.finish();
    }
    assertEquals(expected, rows(0).stream().map(each -> each.get(1)).toList());
    List<Object> times = rows(0).stream().map(each -> each.get(0)).toList();
    assertEquals(
        expected.stream().map(each -> Instant.ofEpochSecond(0, (long) each)).toList(), times);
    RecordingSummary summary = format.describe(file(0));
    assertEquals(expected.get(0), summary.firstTick());
    assertEquals(expected.get(expected.size() - 1), summary.lastTick());
  }

  @Test
  public void ticksBeyondTimestampsHaveNoTime() throws IOException {
    SignalDescriptor domain = SignalDescriptor.explicitTime("t");
    SignalDescriptor seconds = domain.toBuilder().resolution(new Resolution(1, 1)).build();
    try (TableRecording recording = record(seconds, List.of(real64("a")))) {
      recording.stamped("a", 0, new long[] {1, 2}, doubles(1, 2));
      recording.stamped("a", 2, new long[] {Long.MAX_VALUE}, doubles(3));
      recording.finish();
    }
    List<List<Object>> rows = rows(0);
    assertEquals(Instant.ofEpochSecond(2), rows.get(1).get(0));
    assertNull(rows.get(2).get(0));
    assertEquals(Long.MAX_VALUE, rows.get(2).get(1));
  }

  @Test
  public void extremesAreLeftOutWithNotANumber() throws IOException {
    try (TableRecording recording = record(AllTypes.DOMAIN, List.of(real64("a"), real64("b")))) {
      recording.onLine("a", 0, 3, START, 1, doubles(1, Double.NaN, 3));
      recording.onLine("b", 0, 3, START, 1, doubles(0.0, -5, 3));
      recording.finish();
    }
    List<RecordingSummary.Column> columns = format.describe(file(0)).columns();
    assertNull(columns.get(3).low());
    assertEquals(-5.0, columns.get(4).low());
    assertEquals(3.0, columns.get(4).high());
  }

  @Test
  public void descriptionsHolesAndFactsAreInTheFile() throws IOException {
    try (TableRecording recording = record(AllTypes.DOMAIN, AllTypes.signals())) {
      recording.hole(new RecordingHole("real64", "device", 0, 5, true, START, START + 5));
      recording.onLine("real64", 5, 1, START + 5, 1, doubles(1));
      recording.hole(new RecordingHole("real64", "consumer", 6, 9, true, START + 6, START + 9));
      recording.onLine("real64", 9, 1, START + 9, 1, doubles(1));
      recording.finish();
    }
    Map<String, String> facts = format.describe(file(0)).facts();
    assertEquals("me", facts.get("who"));
    assertEquals("1/1000000000", facts.get("daqstream.tick.resolution"));
    assertEquals("1970-01-01", facts.get("daqstream.tick.origin"));
    assertTrue(facts.get("daqstream.signals").contains("door open"));
    assertTrue(facts.get("daqstream.holes").contains("\"reason\":\"device\",\"fromRow\":0"));
    assertTrue(facts.get("daqstream.holes").contains("\"reason\":\"consumer\",\"fromRow\":6"));
  }

  @Test
  public void anotherDescriptionIsAnotherFile() throws IOException {
    try (TableRecording recording = record(AllTypes.DOMAIN, List.of(real64("a"), real64("b")))) {
      recording.onLine("a", 0, 2, START, 1, doubles(1, 2));
      recording.change(AllTypes.DOMAIN, List.of(real64("a")), "b is gone");
      recording.onLine("a", 2, 2, START + 2, 1, doubles(3, 4));
      recording.finish();
    }
    assertEquals(2, rows(0).size());
    assertEquals(2, rows(1).size());
    assertEquals("b is gone", format.describe(file(1)).facts().get("daqstream.part.why"));
  }

  @Test
  public void signalsMayBeCalledAsTheOtherColumns() throws IOException {
    try (TableRecording recording =
        record(AllTypes.DOMAIN, List.of(real64("time"), real64("tick")))) {
      recording.onLine("time", 0, 1, START, 1, doubles(1));
      recording.onLine("tick", 0, 1, START, 1, doubles(2));
      recording.finish();
    }
    List<Object> row = rows(0).get(0);
    assertEquals(List.of(START, 0L, 1.0, 2.0), row.subList(1, 5));
    assertFalse(Files.exists(file(0).resolveSibling("_x0.parquet.part")));
  }
}
