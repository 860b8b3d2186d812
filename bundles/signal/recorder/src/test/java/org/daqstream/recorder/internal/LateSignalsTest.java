/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import org.daqstream.recorder.api.RecorderState;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Windows of a trigger whose signals, or whose trigger, are behind the others. */
public final class LateSignalsTest {
  private static final int PRE = 50;
  private static final int POST = 30;

  @org.junit.Rule public final TemporaryFolder temporary = new TemporaryFolder();

  private TestBench bench;
  private SignalPort trigger;

  private void begin(Object... more) {
    Object[] keys = {"start", "trigger", "trigger", "t", "triggerWhen", "rising"};
    Object[] times = {"triggerLevel", 0.5, "preMs", PRE, "postMs", POST};
    Object[] all = new Object[keys.length + times.length + more.length];
    System.arraycopy(keys, 0, all, 0, keys.length);
    System.arraycopy(times, 0, all, keys.length, times.length);
    System.arraycopy(more, 0, all, keys.length + times.length, more.length);
    bench = new TestBench(temporary.getRoot().toPath(), all).withFormat();
    bench.pass(200);
    trigger = bench.open("t");
    bench.pass(200);
  }

  /** Zeros, with ones at some rows. */
  private void trigger(long row, int count, long... ones) {
    double[] values = new double[count];
    for (long each : ones) {
      values[(int) (each - row)] = 1;
    }
    trigger.write(row * TestBench.MILLISECOND, values, 0, count);
  }

  private static RecordingHole hole(String id, String reason, long from, long to) {
    return new RecordingHole(
        id, reason, from, to, true, from * TestBench.MILLISECOND, to * TestBench.MILLISECOND);
  }

  private void assertRows(String id, long from, long to) {
    NavigableMap<Long, MemoryFormat.Sample> samples = bench.samples(id);
    assertEquals(from, (long) samples.firstKey());
    assertEquals(to, (long) samples.lastKey());
    assertEquals(to - from + 1, samples.size());
  }

  @Test
  public void signalsOfOtherTablesMayBeFourSecondsBehind() {
    begin();
    SignalPort late = bench.open("late");
    bench.pass(200);
    for (int row = 0; row < 10_000; row += 100) {
      trigger(row, 100, row == 1_000 ? new long[] {1_010} : new long[0]);
      if (row >= 4_000) {
        TestBench.write(late, row - 4_000, 100);
      }
      bench.pass(100);
    }
    bench.pass(6_000);
    assertEquals(RecorderState.ARMED, bench.status().state());
    bench.end();
    assertRows("t", 1_010 - PRE, 1_010 + POST);
    assertRows("late", 1_010 - PRE, 1_010 + POST);
    assertEquals(List.of(), bench.holes("late"));
  }

  @Test
  public void whatIsFurtherBehindIsAHoleOfTheNextFile() {
    begin();
    SignalPort late = bench.open("late");
    bench.pass(200);
    for (int row = 0; row < 20_000; row += 100) {
      trigger(row, 100, row == 1_000 ? new long[] {1_010} : new long[0]);
      bench.pass(100);
    }
    for (int row = 0; row < 20_000; row += 100) {
      TestBench.write(late, row, 100);
    }
    bench.pass(200);
    trigger(20_000, 1_000, 20_500);
    TestBench.write(late, 20_000, 1_000);
    bench.pass(7_000);
    bench.end();
    assertRows("late", 20_500 - PRE, 20_500 + POST);
    assertEquals(List.of(hole("late", "late", 1_010 - PRE, 1_010 + POST + 1)), bench.holes("late"));
    assertEquals(PRE + POST + 1, bench.loop.board().status().lostSamples());
  }

  @Test
  public void aTriggerThatIsBehindTellsWhatWasLetGo() {
    begin();
    SignalPort early = bench.open("early");
    bench.pass(200);
    trigger(0, 100);
    for (int row = 0; row < 20_000; row += 100) {
      TestBench.write(early, row, 100);
      bench.pass(100);
    }
    trigger(100, 20_000, 14_990); // decided until about 14 950
    bench.pass(7_000);
    bench.end();
    assertRows("t", 14_990 - PRE, 14_990 + POST);
    NavigableMap<Long, MemoryFormat.Sample> there = bench.samples("early");
    long first = there.firstKey();
    assertTrue("" + first, first > 14_990 - PRE);
    assertRows("early", first, 14_990 + POST);
    assertEquals(List.of(hole("early", "late", 14_990 - PRE, first)), bench.holes("early"));
  }

  @Test
  public void whatTheSourceLeavesOutAtTheEdgesOfAWindowIsTold() {
    begin();
    SignalTable table =
        bench.catalogue.openTable(SignalDescriptor.linearTime("x", TestBench.MILLISECOND));
    SignalPort gappy = table.open(SignalDescriptor.value("gappy", "real64").build());
    bench.pass(200);
    TestBench.write(gappy, 0, 970);
    gappy.writeAt(990, 990 * TestBench.MILLISECOND, new double[45], 0, 45);
    gappy.writeAt(1_100, 1_100 * TestBench.MILLISECOND, new double[100], 0, 100);
    trigger(0, 2_000, 1_010);
    bench.pass(7_000);
    bench.end();
    assertEquals(
        List.of(hole("gappy", "rows", 970, 990), hole("gappy", "rows", 1_035, 1_041)),
        bench.holes("gappy"));
    assertEquals(960L, (long) bench.samples("gappy").firstKey());
  }

  @Test
  public void aWindowOfWhichNothingFoundRoomIsTold() {
    begin("preLimitBytes", 65_536);
    SignalPort ahead = bench.open("ahead");
    bench.pass(200);
    trigger(0, 100);
    for (int row = 0; row < 20_000; row += 100) {
      TestBench.write(ahead, row, 100); // 160 kB before the trigger is looked at
      if (row % 1_000 == 0) {
        bench.pass(20);
      }
    }
    trigger(100, 20_000, 1_010);
    bench.pass(7_000);
    bench.end();
    assertRows("t", 1_010 - PRE, 1_010 + POST);
    assertTrue(bench.samples("ahead").isEmpty());
    assertEquals(PRE + POST + 1, bench.loop.board().status().lostSamples());
    assertEquals("the log tells it, for no file follows", 1, bench.loop.board().status().holes());
  }

  @Test
  public void whatTriggersAgainTooSoonIsPassedOver() {
    begin("holdOffMs", 500);
    trigger(0, 3_000, 1_000, 1_020, 1_300, 1_490, 1_500, 2_700);
    bench.pass(7_000);
    bench.end();
    assertEquals(3, bench.format.files.size());
    long[] begins = {1_000, 1_500, 2_700};
    for (int i = 0; i < begins.length; i++) {
      NavigableMap<Long, MemoryFormat.Sample> rows = bench.format.files.get(i).samples.get("t");
      assertEquals(begins[i] - PRE, (long) rows.firstKey());
      assertEquals(begins[i] + POST, (long) rows.lastKey());
    }
  }

  @Test
  public void whatStillLastsWhenTheHoldOffIsOverBeginsThen() {
    begin("holdOffMs", 500, "triggerWhen", "above");
    double[] values = new double[3_000];
    values[1_000] = 1;
    for (int i = 1_200; i < 2_000; i++) {
      values[i] = 1;
    }
    trigger.write(0, values, 0, values.length);
    bench.pass(7_000);
    bench.end();
    assertEquals(2, bench.format.files.size());
    NavigableMap<Long, MemoryFormat.Sample> rows = bench.format.files.get(1).samples.get("t");
    assertEquals(1_500 - PRE, (long) rows.firstKey());
    assertEquals(2_000 + POST, (long) rows.lastKey());
  }

  @Test
  public void aTriggerWhoseTimeIsAnotherOneBeginsAnew() {
    begin();
    SignalTable table =
        bench.catalogue.openTable(SignalDescriptor.linearTime("u/time", TestBench.MILLISECOND));
    trigger.close();
    trigger = table.open(SignalDescriptor.value("t", "real64").build());
    bench.pass(200);
    trigger(100_000, 2_000, 101_000);
    bench.pass(7_000);
    table.updateDomain(table.domain().toBuilder().origin("2026-11-30T00:00:00Z").build());
    trigger(5_000, 2_000, 6_000); // long before, if it were the same time
    bench.pass(7_000);
    bench.end();
    NavigableMap<Long, MemoryFormat.Sample> rows = bench.format.files.get(1).samples.get("t");
    assertEquals(PRE + POST + 1, rows.size());
    assertEquals((6_000 - PRE) * TestBench.MILLISECOND, rows.firstEntry().getValue().tick());
    assertEquals(
        "2026-11-30T00:00:06Z",
        bench.format.files.get(1).part.facts().get("daqstream.trigger.time"));
  }

  /** Signals that are ahead, behind, leave rows out, and a memory that is too small. */
  @Test
  public void atRandomAllRowsOfWindowsAreThereOrInExactlyOneHole() throws IOException {
    for (int seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      begin("preLimitBytes", 65_536, "folder", temporary.newFolder().toString());
      SignalPort other = bench.open("o");
      bench.pass(200);
      int rows = 60_000;
      boolean[] isWanted = new boolean[rows];
      boolean[] isOut = new boolean[rows];
      boolean[] isEdge = new boolean[rows];
      for (int row = 200; row < rows - 100; row += 50 + random.nextInt(5_000)) {
        isEdge[row] = true;
        Arrays.fill(isWanted, row - PRE, row + POST + 1, true);
      }
      isEdge[rows - 80] = true;
      Arrays.fill(isWanted, rows - 80 - PRE, rows - 80 + POST + 1, true);
      writeAtRandom(other, isEdge, isOut, random);
      bench.pass(7_000);
      bench.end();
      for (String id : List.of("t", "o")) {
        BitSet told = new BitSet();
        for (RecordingHole hole : bench.holes(id)) {
          for (int row = (int) hole.fromRow(); row < hole.toRow(); row++) {
            assertFalse(hole + " tells again " + row, told.get(row));
            boolean isRows = hole.reason().equals("rows");
            assertFalse(hole + ": " + row, isRows && !isOut[row]);
            told.set(row);
          }
        }
        NavigableMap<Long, MemoryFormat.Sample> samples = bench.samples(id);
        for (int row = 0; row < rows; row++) {
          String what = "seed %d, row %d of %s".formatted(seed, row, id);
          boolean isThere = samples.containsKey((long) row);
          assertEquals(what, isWanted[row], isThere || told.get(row));
          assertFalse(what, isThere && told.get(row));
        }
      }
    }
  }

  /** Up to twelve seconds ahead or behind; at the end both are where they should be. */
  private void writeAtRandom(SignalPort other, boolean[] isEdge, boolean[] isOut, Random random) {
    int rows = isEdge.length;
    int[] at = {0, 0};
    while (at[0] < rows - 200 || at[1] < rows - 200) {
      int which = random.nextInt(2);
      int most = Math.min(rows - 200, at[1 - which] + 12_000) - at[which];
      if (most <= 0) {
        continue;
      }
      int count = Math.min(most, 1 + random.nextInt(random.nextInt(5) == 0 ? 5_000 : 200));
      if (which == 1 && at[1] > 0 && at[1] + 1 < rows - 200 && random.nextInt(4) == 0) {
        count = Math.min(count, 60);
        Arrays.fill(isOut, at[1], at[1] + count, true);
      } else {
        write(which == 0 ? trigger : other, at[which], count, which == 0 ? isEdge : null);
      }
      at[which] += count;
      bench.pass(random.nextInt(4) * 100L);
    }
    bench.pass(7_000);
    write(other, rows - 200, 200, null);
    write(trigger, rows - 200, 200, isEdge);
  }

  private static void write(SignalPort port, int row, int count, boolean[] isEdge) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = isEdge != null && isEdge[row + i] ? 1 : 0;
    }
    port.writeAt(row, row * TestBench.MILLISECOND, values, 0, count);
  }
}
