/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

public final class TableLineTest {
  private static final int DELTA = 10;

  private final TableLine line = new TableLine(DELTA);
  private final TableLine.Position a = new TableLine.Position();
  private final TableLine.Position b = new TableLine.Position();

  private long place(TableLine.Position position, long tick, int count) {
    return line.place(position, tick, count);
  }

  @Test
  public void firstBlockIsRowZeroAndBlocksContinue() {
    assertEquals(0, place(a, 5000, 100));
    assertEquals(100, place(a, 6000, 50));
    assertEquals(150, place(a, 6500, 1));
  }

  @Test
  public void gapOfLoneSignalCostsNoRows() {
    place(a, 0, 100);
    assertEquals(100, place(a, 9_000_000, 100));
    assertEquals(200, place(a, 9_001_000, 100));
  }

  @Test
  public void clockMayGoBackOrOffTheGrid() {
    place(a, 5000, 100);
    assertEquals(100, place(a, 5000, 100));
    assertEquals(200, place(a, 5003, 100));
    assertEquals(300, place(a, -77, 100));
    assertEquals(400, place(a, 923, 100));
  }

  @Test
  public void siblingsInPhaseShareRows() {
    for (int block = 0; block < 50; block++) {
      assertEquals(block * 100L, place(a, block * 1000L, 100));
      assertEquals(block * 100L, place(b, block * 1000L, 100));
    }
  }

  @Test
  public void siblingsMayHaveBlocksOfDifferentLength() {
    assertEquals(0, place(a, 0, 10));
    assertEquals(0, place(b, 0, 35));
    assertEquals(10, place(a, 100, 10));
    assertEquals(20, place(a, 200, 10));
    assertEquals(35, place(b, 350, 35));
    assertEquals(30, place(a, 300, 10));
  }

  @Test
  public void holeOfOneSiblingSkipsItsRows() {
    place(a, 0, 100);
    place(b, 0, 100);
    assertEquals(100, place(a, 1000, 100)); // b misses this one
    assertEquals(200, place(a, 2000, 100));
    assertEquals(200, place(b, 2000, 100));
    assertEquals(300, place(b, 3000, 100));
  }

  @Test
  public void laterSiblingJoinsTheRunningLine() {
    place(a, 0, 100);
    place(a, 1000, 100);
    assertEquals(150, place(b, 1500, 100));
    assertEquals(200, place(a, 2000, 100));
  }

  @Test
  public void laterSiblingJoinsTheLineEvenAheadOfIt() {
    place(a, 0, 100);
    assertEquals(130, place(b, 1300, 100));
    assertEquals(100, place(a, 1000, 100));
    assertEquals(230, place(b, 2300, 100));
    assertEquals(200, place(a, 2000, 100));
  }

  @Test
  public void siblingsThatJumpTogetherShareTheNewRows() {
    place(a, 0, 100);
    place(b, 0, 100);
    assertEquals(100, place(a, 5_003, 100));
    assertEquals(100, place(b, 5_003, 100));
    assertEquals(200, place(b, 6_003, 100));
    assertEquals(200, place(a, 6_003, 100));
  }

  @Test
  public void laggingSiblingStaysBeforeTheJumpUntilItReachesIt() {
    place(a, 0, 100);
    place(b, 0, 40);
    assertEquals(100, place(a, 7_003, 100));
    assertEquals(40, place(b, 400, 60));
    assertEquals(100, place(b, 7_003, 60));
    assertEquals(200, place(a, 8_003, 100));
    assertEquals(160, place(b, 7_603, 60));
  }

  @Test
  public void laggingSiblingFindsItsWayThroughSeveralJumps() {
    for (int jump = 0; jump < TableLine.HISTORY_SEGMENTS; jump++) {
      assertEquals(jump * 10L, place(a, jump * 777_777L, 10));
    }
    for (int jump = 0; jump < TableLine.HISTORY_SEGMENTS; jump++) {
      assertEquals(jump * 10L, place(b, jump * 777_777L, 10));
    }
  }

  @Test
  public void siblingThatDoesNotJumpGetsRowsOfItsOwn() {
    place(a, 0, 100);
    place(b, 0, 50);
    place(a, 7_003, 100); // rows 100 to 199
    assertEquals(200, place(b, 500, 100)); // would reach over the jump
  }

  @Test
  public void siblingsThatLostDifferentAmountsFindOneLineAgain() {
    Client client = new Client(DELTA, 2);
    for (int block = 0; block < 5; block++) {
      client.take(0, place(a, block * 1000L, 100), block * 1000L, 100);
      client.take(1, place(b, block * 1000L, 100), block * 1000L, 100);
    }
    for (int block = 0; block < 100; block++) {
      client.take(0, place(a, 90_070 + block * 1000L, 100), 90_070 + block * 1000L, 100);
      client.take(1, place(b, 90_000 + block * 1000L, 100), 90_000 + block * 1000L, 100);
    }
    assertTrue(client.pairs + " pairs", client.pairs <= 4);
  }

  @Test
  public void siblingThatStartsEarlierCostsFewAnnouncements() {
    Client client = new Client(DELTA, 2);
    for (int block = 0; block < 100; block++) {
      client.take(0, place(a, block * 1000L, 100), block * 1000L, 100);
      client.take(1, place(b, block * 1000L - 10, 100), block * 1000L - 10, 100);
    }
    assertTrue(client.pairs + " pairs", client.pairs <= 3);
  }

  @Test
  public void changeOfRateStartsANewSegmentForAll() {
    place(a, 0, 100);
    place(b, 0, 100);
    line.setDeltaTicks(20);
    assertEquals(100, place(a, 1000, 100));
    assertEquals(100, place(b, 1000, 100));
    assertEquals(200, place(a, 3000, 100));
    line.setDeltaTicks(10);
    assertEquals(300, place(a, 5000, 100));
  }

  @Test
  public void oldRowsAreNotUsedWithANewRate() {
    place(a, 0, 100);
    place(b, 0, 50);
    line.setDeltaTicks(5);
    assertEquals(100, place(b, 500, 10));
  }

  @Test
  public void rowsOfAnotherRateAreNotUsedWhenTheRateComesBack() {
    place(a, 0, 100);
    place(b, 0, 100);
    line.setDeltaTicks(20);
    assertEquals(100, place(a, 2000, 10)); // where a line of this rate would be from the start
    line.setDeltaTicks(10);
    assertEquals(110, place(b, 1000, 10));
  }

  @Test
  public void ticksAtTheEndsOfTheNumbersDoNotConfuse() {
    Client client = new Client(DELTA, 2);
    long[] ticks = {
      Long.MIN_VALUE,
      Long.MAX_VALUE - 100,
      Long.MAX_VALUE - 90,
      0,
      Long.MIN_VALUE + 10,
      Long.MAX_VALUE
    };
    for (long tick : ticks) {
      client.take(0, place(a, tick, 1), tick, 1);
      client.take(1, place(b, tick, 1), tick, 1);
    }
    TableLine huge = new TableLine(1L << 62);
    Client hugeClient = new Client(1L << 62, 1);
    TableLine.Position position = new TableLine.Position();
    for (int i = 0; i < 20; i++) {
      long tick = (1L << 62) * i;
      hugeClient.take(0, huge.place(position, tick, 1), tick, 1);
    }
  }

  @Test
  public void farStepOfALaggingSiblingIsAJump() {
    TableLine fine = new TableLine(1);
    fine.place(a, 0, 100);
    fine.place(b, 0, 10);
    assertEquals(100, fine.place(b, TableLine.STEP_LIMIT_ROWS * 1000, 10));
  }

  @Test
  public void explicitBlocksGetRowsOfTheirOwn() {
    assertEquals(0, line.append(3));
    assertEquals(3, line.append(1));
    assertEquals(4, line.append(2));
  }

  @Test
  public void anyScheduleKeepsEveryTime() {
    long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1500);
    for (int seed = 0; seed == 0 || System.nanoTime() < endNanos; seed++) {
      try {
        playSchedule(new Random(seed));
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /** Up to four sources that follow one clock, lag, lose blocks, jump together or alone. */
  private static void playSchedule(Random random) {
    long delta = 1L + random.nextInt(20);
    int signals = 1 + random.nextInt(4);
    TableLine line = new TableLine(delta);
    Client client = new Client(delta, signals);
    TableLine.Position[] positions = new TableLine.Position[signals];
    long[] next = new long[signals];
    int[] joins = new int[signals];
    for (int s = 0; s < signals; s++) {
      positions[s] = new TableLine.Position();
      joins[s] = random.nextInt(3) == 0 ? random.nextInt(40) : 0;
    }
    List<Long> jumps = new ArrayList<>(); // known to all, met by each in its own time
    for (int step = 0; step < 150; step++) {
      if (random.nextInt(30) == 0) {
        jumps.add(random.nextInt(10_000) * (random.nextBoolean() ? delta : 1));
        long to = jumps.get(jumps.size() - 1);
        for (int s = 0; s < signals; s++) {
          if (random.nextInt(4) > 0) {
            next[s] = to + (random.nextInt(5) == 0 ? delta * random.nextInt(9) : 0);
          }
        }
      }
      if (random.nextInt(60) == 0) {
        delta = 1L + random.nextInt(20);
        line.setDeltaTicks(delta);
        client.changeDelta(delta);
      }
      int s = random.nextInt(signals);
      if (step < joins[s]) {
        continue;
      }
      int count = 1 + random.nextInt(30);
      switch (random.nextInt(25)) {
        case 0 -> next[s] += delta * random.nextInt(100);
        case 1 -> next[s] -= delta * random.nextInt(100);
        case 2 -> next[s] += random.nextInt(100) - 50;
        case 3 -> next[s] = next[random.nextInt(signals)];
        default -> {}
      }
      client.take(s, line.place(positions[s], next[s], count), next[s], count);
      next[s] += delta * count;
    }
  }

  /**
   * Knows what a client knows: the last announced pair, the running count of each signal, and the
   * new count when rows are missing.
   */
  private static final class Client {
    private final Map<Long, Long> tickOfRow = new HashMap<>();
    private final long[] nextRow;
    private long delta;
    private long pairRow;
    private long pairTick;
    private boolean announced;
    private int pairs;

    Client(long delta, int signals) {
      this.delta = delta;
      nextRow = new long[signals];
    }

    void changeDelta(long newDelta) {
      delta = newDelta;
      announced = false;
    }

    void take(int signal, long row, long tick, int count) {
      assertTrue("row " + row + " after " + nextRow[signal], row >= nextRow[signal]);
      if (!announced || pairTick + delta * (row - pairRow) != tick) {
        announced = true;
        pairRow = row;
        pairTick = tick;
        pairs++;
      }
      nextRow[signal] = row; // valueIndex, if it differs
      for (int i = 0; i < count; i++) {
        long time = pairTick + delta * (nextRow[signal] - pairRow);
        assertEquals("time of sample " + i, tick + i * delta, time);
        Long known = tickOfRow.putIfAbsent(nextRow[signal], time);
        assertTrue(
            "row " + nextRow[signal] + " has ticks " + known + " and " + time,
            known == null || known == time);
        nextRow[signal]++;
      }
    }
  }
}
