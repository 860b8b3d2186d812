/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import org.daqstream.recorder.api.RecorderState;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.Unit;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Which rows are recorded before, during and behind a trigger. */
public final class TriggerTest {
  private static final int PRE = 50;
  private static final int POST = 30;

  @org.junit.Rule public final TemporaryFolder temporary = new TemporaryFolder();

  private TestBench bench(String when, Object... more) {
    Object[] keys = {
      "start", "trigger", "trigger", "t", "triggerWhen", when, "preMs", PRE, "postMs", POST
    };
    Object[] all = new Object[keys.length + more.length];
    System.arraycopy(keys, 0, all, 0, keys.length);
    System.arraycopy(more, 0, all, keys.length, more.length);
    TestBench bench = new TestBench(newFolder(), all).withFormat();
    bench.pass(200);
    return bench;
  }

  private Path newFolder() {
    try {
      return temporary.newFolder().toPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Blocks of the trigger, one row a millisecond, that is 1 where it is so and else 0. */
  private static final class Line {
    final TestBench bench;
    final SignalPort trigger;
    final SignalPort other;
    final SignalPort fast;

    Line(TestBench bench) {
      this.bench = bench;
      SignalTable table =
          bench.catalogue.openTable(SignalDescriptor.linearTime("time", TestBench.MILLISECOND));
      trigger = table.open(SignalDescriptor.value("t", "int32").build());
      other = table.open(SignalDescriptor.value("o", "real64").build());
      fast =
          bench.catalogue.open(
              SignalDescriptor.linearTime("fast/time", TestBench.MILLISECOND / 10),
              SignalDescriptor.value("f", "real64").build());
      bench.pass(200);
    }

    /** Rows from 0 on, in blocks; the value is 1 between two rows and 0 elsewhere. */
    void write(int rows, int block, int from, int to) {
      for (int row = 0; row < rows; row += block) {
        int[] values = new int[block];
        double[] others = new double[block];
        double[] fasts = new double[block * 10];
        for (int i = 0; i < block; i++) {
          values[i] = row + i >= from && row + i < to ? 4 : 0;
          others[i] = row + i;
        }
        for (int i = 0; i < fasts.length; i++) {
          fasts[i] = row * 10 + i;
        }
        fast.write(row * TestBench.MILLISECOND, fasts, 0, fasts.length);
        other.write(row * TestBench.MILLISECOND, others, 0, block);
        trigger.write(row * TestBench.MILLISECOND, values, 0, block);
        bench.pass(20);
      }
      bench.pass(6_000);
    }
  }

  private void assertRows(TestBench bench, long from, long to) {
    for (String id : List.of("t", "o")) {
      NavigableMap<Long, MemoryFormat.Sample> samples = bench.samples(id);
      assertEquals(id, from, (long) samples.firstKey());
      assertEquals(id, to, (long) samples.lastKey());
      assertEquals(id, to - from + 1, samples.size());
    }
    NavigableMap<Long, MemoryFormat.Sample> fast = bench.samples("f");
    assertEquals(from * 10, (long) fast.firstKey());
    assertEquals(to * 10, (long) fast.lastKey());
    assertEquals((to - from) * 10 + 1, fast.size());
    fast.forEach((row, sample) -> assertEquals(row, sample.value(), 0));
    for (MemoryFormat.Written file : bench.format.files) {
      assertEquals(List.of(), file.holes);
      assertTrue(file.isFinished);
    }
  }

  @Test
  public void aboveALevelIsFromBeforeItBeginsUntilBehindItsEnd() {
    for (int block : new int[] {1, 7, 100}) {
      TestBench bench = bench("above", "triggerLevel", 3.5);
      assertEquals(RecorderState.ARMED, bench.status().state());
      new Line(bench).write(700, block, 300, 400);
      assertEquals(RecorderState.ARMED, bench.status().state());
      assertEquals(2, bench.format.files.size());
      assertRows(bench, 300 - PRE, 400 + POST);
      bench.end();
    }
  }

  @Test
  public void belowALevelAndABitAreTheSame() {
    TestBench bench = bench("bit", "triggerBit", 2);
    new Line(bench).write(700, 10, 300, 400);
    assertRows(bench, 300 - PRE, 400 + POST);
    bench.end();
    TestBench below = bench("below", "triggerLevel", 1);
    new Line(below).write(700, 10, 0, 600);
    assertEquals(600 - PRE, (long) below.samples("o").firstKey());
    assertEquals("as long as it lasts", 699, (long) below.samples("o").lastKey());
    below.end();
    assertTrue(below.format.files.get(0).isFinished);
  }

  @Test
  public void anEdgeIsAroundOneRow() {
    TestBench rising = bench("rising", "triggerLevel", 2);
    new Line(rising).write(700, 10, 300, 500);
    assertRows(rising, 300 - PRE, 300 + POST);
    rising.end();
    TestBench falling = bench("falling", "triggerLevel", 2);
    new Line(falling).write(700, 10, 100, 500);
    assertRows(falling, 500 - PRE, 500 + POST);
    falling.end();
  }

  @Test
  public void whatTriggersAgainSoonIsOneFileAndLaterAnother() {
    TestBench bench = bench("rising", "triggerLevel", 0.5);
    SignalPort port =
        bench.catalogue.open(
            SignalDescriptor.linearTime("time", TestBench.MILLISECOND),
            SignalDescriptor.value("t", "uint8").build());
    bench.pass(200);
    byte[] values = new byte[1000];
    for (int at : new int[] {100, 170, 400}) { // 170 - 50 <= 100 + 30
      values[at] = 1;
    }
    port.write(0, values, 0, values.length);
    bench.pass(6_000);
    assertEquals(2, bench.format.files.size());
    NavigableMap<Long, MemoryFormat.Sample> first = bench.format.files.get(0).samples.get("t");
    assertEquals(50, (long) first.firstKey());
    assertEquals(200, (long) first.lastKey());
    NavigableMap<Long, MemoryFormat.Sample> second = bench.format.files.get(1).samples.get("t");
    assertEquals(350, (long) second.firstKey());
    assertEquals(430, (long) second.lastKey());
    assertEquals("trigger", bench.format.files.get(1).why());
    Map<String, String> facts = bench.format.files.get(1).part.facts();
    assertEquals("'t' rising 0.5", facts.get("daqstream.trigger"));
    assertEquals("1970-01-01T00:00:00.400Z", facts.get("daqstream.trigger.time"));
    assertTrue(bench.format.files.stream().allMatch(file -> file.holes.isEmpty()));
    bench.end();
  }

  @Test
  public void aBitThatIsToldWhenItChangesLastsUntilItChanges() {
    TestBench bench = bench("bit");
    SignalPort port =
        bench.catalogue.open(
            SignalDescriptor.explicitTime("time"), SignalDescriptor.value("t", "uint8").build());
    SignalPort other = bench.open("o");
    bench.pass(200);
    port.write(0L, 0L);
    for (int row = 0; row < 20_000; row += 100) {
      TestBench.write(other, row, 100);
      bench.pass(20);
      if (row == 10_000) {
        port.write(10_050 * TestBench.MILLISECOND, 1L);
      }
      if (row == 12_000) {
        port.write(12_050 * TestBench.MILLISECOND, 0L);
      }
    }
    bench.pass(6_000);
    assertEquals(RecorderState.ARMED, bench.status().state());
    assertEquals(10_050 - PRE, (long) bench.samples("o").firstKey());
    assertEquals(12_050 + POST, (long) bench.samples("o").lastKey());
    assertEquals(2, bench.samples("t").size());
    bench.end();
  }

  @Test
  public void aMemoryThatIsTooSmallIsAnExactHole() {
    TestBench bench = bench("above", "preMs", 20_000, "preLimitBytes", 65_536);
    SignalPort port =
        bench.catalogue.open(
            SignalDescriptor.linearTime("time", TestBench.MILLISECOND),
            SignalDescriptor.value("t", "real64").build());
    bench.pass(200);
    int rows = 30_000;
    for (int row = 0; row < rows; row += 100) {
      double[] values = new double[100];
      if (row + 100 == rows) {
        values[99] = 1;
      }
      port.write(row * TestBench.MILLISECOND, values, 0, 100);
      bench.pass(20);
    }
    long from = rows - 20_001L;
    NavigableMap<Long, MemoryFormat.Sample> samples = bench.samples("t");
    assertEquals("what fits, in blocks of 1 kB", 6_600, samples.size());
    long there = samples.firstKey();
    assertEquals(
        List.of(
            new RecordingHole(
                "t",
                "memory",
                from,
                there,
                true,
                from * TestBench.MILLISECOND,
                there * TestBench.MILLISECOND)),
        bench.holes("t"));
    assertEquals(there - from, bench.status().lostSamples());
    bench.end();
  }

  @Test
  public void smallBlocksCountWithAllThatTheyTake() {
    TestBench bench = bench("above", "preMs", 20_000, "preLimitBytes", 65_536);
    SignalPort port =
        bench.catalogue.open(
            SignalDescriptor.explicitTime("time"), SignalDescriptor.value("t", "real64").build());
    bench.pass(200);
    for (int row = 0; row < 5_000; row++) {
      double[] one = {row == 4_999 ? 1 : 0};
      port.write(new long[] {row * TestBench.MILLISECOND}, one, 0, 1);
      bench.pass(row % 50 == 0 ? 20 : 0);
    }
    bench.pass(200);
    assertEquals(65_536.0 / (200 + 8 + 8), bench.samples("t").size(), 1.0);
    assertEquals("memory", bench.holes("t").get(0).reason());
    bench.end();
  }

  @Test
  public void aConstantHoldsWithinTheWindow() {
    TestBench bench = bench("above");
    SignalTable table =
        bench.catalogue.openTable(SignalDescriptor.linearTime("time", TestBench.MILLISECOND));
    SignalPort port = table.open(SignalDescriptor.value("t", "real64").build());
    SignalPort limit =
        table.open(SignalDescriptor.value("limit", "real64").rule(Rule.CONSTANT).build());
    bench.pass(200);
    limit.write(0, 7.0);
    double[] values = new double[1000];
    values[500] = 1;
    port.write(0, values, 0, 1000);
    bench.pass(6_000);
    assertEquals(2 + PRE + POST, bench.samples("t").size());
    assertEquals(bench.samples("t").keySet(), bench.samples("limit").keySet());
    assertTrue(bench.samples("limit").values().stream().allMatch(each -> each.value() == 7));
    bench.end();
  }

  @Test
  public void whatWaitedIsNotRecordedUnderAnotherDescription() {
    TestBench bench = bench("above");
    SignalPort port =
        bench.catalogue.open(
            SignalDescriptor.linearTime("time", TestBench.MILLISECOND),
            SignalDescriptor.value("t", "real64").build());
    bench.pass(200);
    port.write(0, new double[100], 0, 100);
    port.update(SignalDescriptor.value("t", "real64").unit(Unit.VOLT).build());
    double[] values = new double[100];
    values[10] = 1; // from row 60 on
    port.write(100 * TestBench.MILLISECOND, values, 0, 100);
    bench.pass(6_000);
    assertEquals(100, (long) bench.samples("t").firstKey());
    assertEquals(
        List.of(
            new RecordingHole(
                "t",
                "change",
                60,
                100,
                true,
                60 * TestBench.MILLISECOND,
                100 * TestBench.MILLISECOND)),
        bench.holes("t"));
    bench.end();
  }

  @Test
  public void aSignalThatIsNoNumberTriggersNothing() {
    TestBench bench = bench("above");
    SignalPort port =
        bench.catalogue.open(
            SignalDescriptor.explicitTime("time"), SignalDescriptor.text("t").build());
    bench.pass(200);
    port.write(new long[] {1}, new byte[][] {{1}}, 0, 1);
    bench.pass(200);
    assertEquals(RecorderState.ARMED, bench.status().state());
    bench.end();
    assertFalse(bench.format.files.iterator().hasNext());
  }

  /** Whatever comes in whatever blocks, signals ahead of and behind the trigger. */
  @Test
  public void atRandomEveryRowOfAWindowIsThereAndNoOther() {
    for (int seed = 1; seed <= 15; seed++) {
      Random random = new Random(seed);
      boolean isEdge = random.nextBoolean();
      TestBench bench = bench(isEdge ? "rising" : "above", "triggerLevel", 0.5);
      Line line = new Line(bench);
      int rows = 5_000;
      int[] values = new int[rows];
      for (int row = 100; row < rows - 500; ) {
        int zeros = 1 + random.nextInt(400);
        int ones = 1 + random.nextInt(random.nextInt(5) == 0 ? 200 : 5);
        for (int i = row + zeros; i < Math.min(row + zeros + ones, rows - 500); i++) {
          values[i] = 1;
        }
        row += zeros + ones;
      }
      boolean[] isWanted = new boolean[rows];
      for (int row = 1; row < rows; row++) {
        boolean isBegin = values[row] > values[row - 1];
        boolean isOver = values[row] < values[row - 1];
        if (isBegin || (!isEdge && (isOver || values[row] > 0))) {
          int last = isEdge || isOver ? row + POST : row;
          for (int i = Math.max(0, row - (isBegin ? PRE : 0)); i <= last; i++) {
            isWanted[i] = true;
          }
        }
      }
      writeAtRandom(line, values, random);
      bench.pass(12_000);
      for (String id : List.of("t", "o")) {
        NavigableMap<Long, MemoryFormat.Sample> samples = bench.samples(id);
        for (int row = 0; row < rows; row++) {
          String what = "seed " + seed + ", row " + row + " of " + id;
          assertEquals(what, isWanted[row], samples.containsKey((long) row));
        }
        assertEquals(List.of(), bench.holes(id));
      }
      bench.end();
    }
  }

  private static void writeAtRandom(Line line, int[] values, Random random) {
    int[] at = {0, 0};
    while (at[0] < values.length || at[1] < values.length) {
      int which = random.nextInt(2);
      int other = 1 - which;
      int most = Math.min(values.length, at[other] + 700) - at[which]; // so far ahead at most
      if (most <= 0) {
        continue;
      }
      int count = Math.min(most, 1 + random.nextInt(200));
      long tick = at[which] * TestBench.MILLISECOND;
      if (which == 0) {
        line.trigger.write(tick, Arrays.copyOfRange(values, at[0], at[0] + count), 0, count);
      } else {
        TestBench.write(line.other, at[1], count);
      }
      at[which] += count;
      if (random.nextInt(3) == 0) {
        line.bench.pass(20);
      }
    }
  }

  @Test
  public void stoppedWhileItRecordsTheFileIsComplete() {
    TestBench bench = bench("above");
    Line line = new Line(bench);
    line.write(100, 10, 60, 100);
    assertEquals(RecorderState.RECORDING, bench.status().state());
    bench.loop.setStarted(false);
    bench.pass(100);
    assertTrue(bench.format.files.stream().allMatch(file -> file.isFinished));
    assertEquals(10, (long) bench.samples("t").firstKey());
    assertEquals(99, (long) bench.samples("t").lastKey());
    bench.end();
  }
}
