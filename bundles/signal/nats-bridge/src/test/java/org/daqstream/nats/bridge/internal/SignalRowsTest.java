/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.Test;

/** What comes out and what is told as lost is what was published, each row once, in order. */
public final class SignalRowsTest {
  private static final int SEEDS = 60;
  private static final int MUCH = RowsSimulation.MUCH;
  private static final long STRANGE = RowsSimulation.STRANGE;

  @Test
  public void withoutAStreamWhatIsLostIsTold() {
    for (long seed = 0; seed < SEEDS; seed++) {
      RowsSimulation it =
          new RowsSimulation(seed, new RowsSimulation.Way(0.1, 0.05, 0, 0, MUCH), false);
      it.run();
      it.check();
      assertTrue(it.lostRows() > 0);
      assertTrue(it.duplicates > 0);
    }
  }

  @Test
  public void withAStreamNothingIsLost() {
    for (long seed = 0; seed < SEEDS; seed++) {
      RowsSimulation it =
          new RowsSimulation(seed, new RowsSimulation.Way(0.2, 0.05, 0, 0.05, MUCH), true);
      it.run();
      it.check();
      assertEquals("seed " + seed, 0, it.lostRows());
      for (long epoch : it.published.keySet()) {
        Set<Long> missing = new TreeSet<>(it.published.get(epoch));
        missing.removeAll(it.taken.getOrDefault(epoch, new TreeSet<>()));
        boolean isFirst = epoch == it.taken.firstKey();
        assertTrue(
            "seed " + seed + " epoch " + epoch + " " + missing, isFirst || missing.isEmpty());
      }
    }
  }

  @Test
  public void whatIsNotInTheStreamIsTold() {
    for (long seed = 0; seed < SEEDS; seed++) {
      RowsSimulation it =
          new RowsSimulation(seed, new RowsSimulation.Way(0.2, 0.05, 0.1, 0.05, MUCH), true);
      it.run();
      it.check();
      it.lost.forEach(
          (epoch, rows) -> rows.forEach(row -> assertFalse(it.kept.contains(epoch + "/" + row))));
    }
  }

  @Test
  public void littleRoomLosesNoMoreThanItTells() {
    for (long seed = 0; seed < SEEDS; seed++) {
      RowsSimulation it =
          new RowsSimulation(seed, new RowsSimulation.Way(0.2, 0.05, 0.1, 0.05, 3_000), true);
      it.run();
      it.check();
    }
  }

  private static final class Fixed {
    final RowsSimulation it =
        new RowsSimulation(1, new RowsSimulation.Way(0, 0, 0, 0, MUCH), false);

    /** Takes messages, and gives the rows that were taken since. */
    List<Long> live(BlockMessage... messages) {
      Set<Long> before = new HashSet<>(rows());
      for (BlockMessage each : messages) {
        it.rows.live(each);
      }
      return rows().stream().filter(each -> !before.contains(each)).toList();
    }

    private List<Long> rows() {
      return it.taken.values().stream().flatMap(Set::stream).toList();
    }
  }

  private static BlockMessage kept(long row) {
    return new BlockMessage(true, 1, 1, 0, List.of(RowsSimulation.block(row, 0, 1)));
  }

  @Test
  public void aBlockThatOverlapsIsCut() {
    Fixed rows = new Fixed();
    assertEquals(List.of(10L, 11L, 12L), rows.live(RowsSimulation.message(1, 10, 3)));
    assertEquals(List.of(13L, 14L), rows.live(RowsSimulation.message(1, 11, 4)));
    assertEquals(
        List.of(), rows.live(RowsSimulation.message(1, 11, 4), RowsSimulation.message(1, 10, 1)));
    assertEquals(2, rows.it.duplicates);
    assertEquals(0, rows.it.lostRows());
  }

  @Test
  public void whatTheSourceLeavesOutIsNoHole() {
    Fixed rows = new Fixed();
    rows.live(RowsSimulation.message(1, 0, 5));
    rows.it.rows.live(new BlockMessage(false, 1, 1, 0, List.of(RowsSimulation.block(10, 5, 1))));
    assertEquals(0, rows.it.lostRows());
    rows.it.rows.live(new BlockMessage(false, 1, 1, 0, List.of(RowsSimulation.block(20, 5, 1))));
    assertEquals(new TreeSet<>(List.of(11L, 12L, 13L, 14L)), rows.it.lost.get(1L));
  }

  @Test
  public void aKeptSampleIsTakenFirstAndMissesNothing() {
    Fixed rows = new Fixed();
    assertEquals(List.of(7L), rows.live(kept(7)));
    assertEquals(List.of(), rows.live(kept(7)));
    assertEquals(List.of(9L, 10L), rows.live(RowsSimulation.message(1, 9, 2)));
    assertEquals(0, rows.it.lostRows());
  }

  @Test
  public void aKeptSampleWaitsForTheBlocksBeforeIt() {
    Fixed rows = new Fixed();
    rows.live(RowsSimulation.message(1, 0, 5));
    assertEquals(List.of(), rows.live(kept(9)));
    assertEquals(List.of(5L, 6L, 7L, 8L, 9L), rows.live(RowsSimulation.message(1, 5, 5)));
    assertEquals(0, rows.it.lostRows());
  }

  @Test
  public void aKeptSampleTellsOfBlocksThatNeverCome() {
    Fixed rows = new Fixed();
    rows.live(RowsSimulation.message(1, 0, 5), kept(9));
    for (int i = 0; i < 300; i++) {
      rows.it.tick();
    }
    assertTrue(rows.it.taken.get(1L).contains(9L));
    assertEquals(new TreeSet<>(List.of(5L, 6L, 7L, 8L)), rows.it.lost.get(1L));
  }

  @Test
  public void whatIsNotDescribedWaitsAndIsGivenUp() {
    Fixed rows = new Fixed();
    rows.live(RowsSimulation.message(1, 0, 5));
    rows.it.described = 0;
    assertEquals(
        List.of(), rows.live(RowsSimulation.message(1, 5, 5), RowsSimulation.message(1, 10, 5)));
    rows.it.described = 1;
    rows.it.tick();
    assertTrue(rows.it.taken.get(1L).contains(14L));
    rows.it.described = 0;
    rows.live(RowsSimulation.message(1, 15, 2));
    for (int i = 0; i < 1_100; i++) {
      rows.it.tick();
    }
    assertEquals(new TreeSet<>(List.of(15L, 16L)), rows.it.lost.get(1L));
    assertFalse(rows.it.rows.isHolding());
  }

  @Test
  public void whatNobodyDescribesDoesNotEndTheSignal() {
    Fixed rows = new Fixed();
    rows.live(RowsSimulation.message(1, 0, 5), RowsSimulation.message(STRANGE, 1_000, 2));
    assertEquals(List.of(5L, 6L), rows.live(RowsSimulation.message(1, 5, 2)));
    for (int i = 0; i < 1_100; i++) {
      rows.it.tick();
    }
    assertFalse(rows.it.rows.isHolding());
    assertEquals(new TreeSet<>(List.of(1_000L, 1_001L)), rows.it.lost.get(STRANGE));
    assertEquals(List.of(7L, 8L), rows.live(RowsSimulation.message(1, 7, 2)));
    rows.live(RowsSimulation.message(2, 0, 2));
    assertEquals(new TreeSet<>(List.of(0L, 1L)), rows.it.taken.get(2L));
  }

  @Test
  public void strangersFindLittleRoom() {
    Fixed rows = new Fixed();
    rows.live(RowsSimulation.message(1, 0, 5));
    for (int i = 0; i < 10_000; i++) {
      rows.it.rows.live(RowsSimulation.message(STRANGE + 1_000L * i, 0, 1));
      rows.it.rows.live(new BlockMessage(false, 1, -i, 0, List.of()));
    }
    assertTrue("held: " + rows.it.budget.bytes(), rows.it.budget.bytes() < 10_000);
  }

  @Test
  public void whoWantsItAgainMissesNothing() {
    Fixed rows = new Fixed();
    rows.live(RowsSimulation.message(1, 0, 5));
    rows.it.rows.end();
    rows.it.rows.begin(false, false);
    assertEquals(
        List.of(90L), rows.live(RowsSimulation.message(1, 2, 2), RowsSimulation.message(1, 90, 1)));
    assertEquals(0, rows.it.lostRows());
  }

  @Test
  public void whatIsMissingAtTheEndIsTold() {
    Fixed rows = new Fixed();
    rows.live(end(1, 7)); // nothing was taken
    rows.live(RowsSimulation.message(1, 0, 5), end(1, 5), end(1, 3), end(2, 9));
    assertEquals(0, rows.it.lostRows());
    rows.live(end(1, 7), end(1, 7));
    assertEquals(new TreeSet<>(List.of(5L, 6L)), rows.it.lost.get(1L));
    assertEquals(List.of(7L), rows.live(RowsSimulation.message(1, 7, 1)));
    assertEquals(2, rows.it.lostRows());
  }

  private static BlockMessage end(long epoch, long row) {
    return BlockMessage.read(BlockMessage.end(1, epoch, row));
  }

  @Test
  public void whoGoesOnIsToldWhatIsMissing() {
    Fixed rows = new Fixed();
    rows.live(RowsSimulation.message(1, 0, 5), RowsSimulation.message(1, 7, 1));
    rows.it.rows.end();
    rows.it.rows.begin(false, true);
    assertEquals(
        List.of(90L), rows.live(RowsSimulation.message(1, 2, 2), RowsSimulation.message(1, 90, 1)));
    assertEquals(2 + 82, rows.it.lostRows());
    rows.it.rows.end();
    rows.it.rows.begin(false, false);
    rows.it.rows.end();
    rows.it.rows.begin(false, true); // nothing was taken since
    assertEquals(List.of(200L), rows.live(RowsSimulation.message(1, 200, 1)));
    assertEquals(2 + 82, rows.it.lostRows());
  }

  @Test
  public void historyComesBeforeWhatIsLive() {
    RowsSimulation it = new RowsSimulation(3, new RowsSimulation.Way(0, 0, 0, 0, MUCH), true);
    it.rows.begin(true, false);
    it.rows.live(RowsSimulation.message(2, 50, 5));
    assertTrue(it.taken.isEmpty());
    it.rows.readBegins();
    it.rows.read(RowsSimulation.message(1, 7, 3), false); // an earlier life of the table
    it.rows.read(RowsSimulation.message(2, 40, 5), false);
    it.rows.read(RowsSimulation.message(2, 45, 5), false);
    it.rows.live(RowsSimulation.message(2, 55, 1));
    assertEquals(new TreeSet<>(List.of(7L, 8L, 9L)), it.taken.get(1L));
    assertEquals(10, it.taken.get(2L).size());
    it.rows.read(RowsSimulation.message(2, 50, 5), false);
    assertEquals(16, it.taken.get(2L).size());
    assertFalse(it.rows.isHolding());
    it.rows.readToTheEnd();
    assertFalse(it.rows.wantsReading());
    assertEquals(List.of(), it.faults);
  }

  @Test
  public void withoutHistoryInTheStreamItGoesOnAtItsEnd() {
    RowsSimulation it = new RowsSimulation(3, new RowsSimulation.Way(0, 0, 0, 0, MUCH), true);
    it.rows.begin(true, false);
    it.rows.live(RowsSimulation.message(2, 50, 5));
    it.rows.readBegins();
    it.rows.readToTheEnd();
    assertEquals(5, it.taken.get(2L).size());
    assertFalse(it.rows.wantsReading());
  }
}
