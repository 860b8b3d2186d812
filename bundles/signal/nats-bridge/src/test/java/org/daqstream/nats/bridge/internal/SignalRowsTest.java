/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.daqstream.nats.bridge.internal.BlockMessage.Block;
import org.junit.Test;

/** What comes out and what is told as lost is what was published, each row once, in order. */
public final class SignalRowsTest {
  private static final long FILL_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int MESSAGES = 400;
  private static final int SEEDS = 60;
  private static final int MUCH = 1 << 30;

  /** An epoch that nobody describes. */
  private static final long STRANGE = 77;

  /** What is wrong on the way. */
  private record Way(double lost, double repeated, double unkept, double late, int holdBytes) {}

  /** A message in the stream that comes there after a while. */
  private record Due(int step, BlockMessage message) {}

  /** A publisher, a way with faults, a stream, and the rows under test. */
  private static final class Simulation implements RowTaker {
    final Random random;
    final Way way;
    final boolean hasStream;
    final SignalRows rows;
    final HoldBudget budget;
    final List<BlockMessage> stream = new ArrayList<>();
    final List<Due> due = new ArrayList<>();
    final Map<Long, TreeSet<Long>> published = new HashMap<>();
    final Set<String> kept = new HashSet<>();
    final TreeMap<Long, TreeSet<Long>> taken = new TreeMap<>();
    final Map<Long, TreeSet<Long>> lost = new HashMap<>();
    final List<String> faults = new ArrayList<>();
    int described = Integer.MAX_VALUE;
    long timeNanos;
    long epoch = 1;
    long row;
    int sinceEpoch;
    int readerAt = -1;
    long duplicates;

    Simulation(long seed, Way way, boolean hasStream) {
      random = new Random(seed);
      this.way = way;
      this.hasStream = hasStream;
      budget = new HoldBudget(way.holdBytes());
      rows = new SignalRows(this, budget, () -> timeNanos, FILL_NANOS, () -> this.hasStream);
      rows.begin(false, false);
    }

    BlockMessage publish() {
      if (sinceEpoch++ > 20 && random.nextInt(100) == 0) {
        epoch++;
        row = random.nextBoolean() ? random.nextInt(1000) : 0;
        sinceEpoch = 0;
        due.forEach(each -> stream.add(each.message())); // a publisher repeats in order
        due.clear();
      }
      List<Block> blocks = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(3); i++) {
        long skipped = random.nextInt(8) == 0 ? 1 + random.nextInt(4) : 0;
        row += skipped;
        int count = 1 + random.nextInt(5);
        blocks.add(block(row, skipped, count));
        for (int k = 0; k < count; k++) {
          published.computeIfAbsent(epoch, e -> new TreeSet<>()).add(row + k);
        }
        row += count;
      }
      return new BlockMessage(false, 1, epoch, stream.size(), blocks);
    }

    void keep(BlockMessage message, int step) {
      if (!hasStream || random.nextDouble() < way.unkept()) {
        return;
      }
      for (Block each : message.blocks()) {
        for (int k = 0; k < each.count(); k++) {
          kept.add(message.epoch() + "/" + (each.row() + k));
        }
      }
      boolean isLate = sinceEpoch > 6 && random.nextDouble() < way.late();
      due.add(new Due(isLate ? step + 1 + random.nextInt(40) : step, message));
    }

    void run() {
      for (int step = 0; step < MESSAGES; step++) {
        BlockMessage message = publish();
        keep(message, step);
        arrive(step);
        if (step == MESSAGES - 1 || random.nextDouble() >= way.lost()) {
          rows.live(message);
          if (random.nextDouble() < way.repeated()) {
            rows.live(message);
          }
        }
        tick();
      }
      for (int step = MESSAGES; rows.isHolding() || rows.wantsReading(); step++) {
        arrive(step);
        tick();
        assertTrue("it ends", step < 20_000);
      }
    }

    private void arrive(int step) {
      due.removeIf(each -> each.step() <= step && stream.add(each.message()));
    }

    private void tick() {
      timeNanos += STEP_NANOS;
      rows.look();
      if (!rows.wantsReading()) {
        if (readerAt >= 0) {
          rows.readEnds();
        }
        readerAt = -1;
        return;
      }
      if (readerAt < 0) {
        readerAt = (int) Math.max(0, rows.anchor() - 1);
        rows.readBegins();
      }
      for (int n = random.nextInt(12); n > 0 && rows.wantsReading(); n--) {
        if (readerAt == stream.size()) {
          rows.readToTheEnd();
          break;
        }
        rows.read(stream.get(readerAt++), readerAt == stream.size());
      }
    }

    @Override
    public Knowledge knows(long of, int description) {
      return description <= described && !isStrange(of) ? Knowledge.KNOWN : Knowledge.AWAITED;
    }

    @Override
    public void take(long of, HeldBlock block, int from) {
      TreeSet<Long> rowsOf = taken.computeIfAbsent(of, e -> new TreeSet<>());
      if (of != taken.lastKey()) {
        faults.add("epoch " + of + " after " + taken.lastKey());
      }
      for (int k = from; k < block.block().count(); k++) {
        long at = block.block().row() + k;
        if (!rowsOf.isEmpty() && rowsOf.last() >= at) {
          faults.add("row " + at + " after " + rowsOf.last());
        }
        rowsOf.add(at);
        int value = block.block().samples().get(k);
        if (value != (byte) at) {
          faults.add("row " + at + " has the sample " + value);
        }
      }
    }

    @Override
    public void hole(long of, long fromRow, long toRow, HeldBlock next, String why) {
      if (fromRow >= toRow) {
        faults.add("hole from " + fromRow + " to " + toRow);
      }
      for (long at = fromRow; at < toRow; at++) {
        if (!lost.computeIfAbsent(of, e -> new TreeSet<>()).add(at)) {
          faults.add("row " + at + " lost twice");
        }
      }
    }

    @Override
    public boolean isDescribed(long of) {
      return !isStrange(of);
    }

    @Override
    public boolean fits(long of, HeldBlock block) {
      return true;
    }

    @Override
    public void notDescribed(long of) {}

    @Override
    public void duplicate(HeldBlock block) {
      duplicates++;
    }

    /** Each row that was published since the first that was taken is there or told, but once. */
    void check() {
      assertEquals(List.of(), faults);
      assertEquals(0, budget.bytes());
      assertFalse(taken.isEmpty());
      for (Map.Entry<Long, TreeSet<Long>> each : taken.entrySet()) {
        TreeSet<Long> out = each.getValue();
        TreeSet<Long> gone = lost.getOrDefault(each.getKey(), new TreeSet<>());
        for (long at : published.get(each.getKey()).tailSet(out.first())) {
          boolean isKnown = at < Math.max(out.last(), gone.isEmpty() ? 0 : gone.last());
          boolean isEnd = each.getKey() != epoch;
          if (!isKnown && isEnd) {
            break; // the end of an epoch may be lost without a word where no stream has it
          }
          assertTrue(each.getKey() + "/" + at, out.contains(at) != gone.contains(at));
        }
        Set<Long> more = new HashSet<>(out);
        more.removeAll(published.get(each.getKey()));
        assertEquals(Set.of(), more);
      }
    }

    int lostRows() {
      return lost.values().stream().mapToInt(Set::size).sum();
    }
  }

  private static boolean isStrange(long epoch) {
    return epoch % 1_000 == STRANGE;
  }

  private static Block block(long row, long skipped, int count) {
    ByteBuffer samples = ByteBuffer.allocate(count);
    for (int i = 0; i < count; i++) {
      samples.put(i, (byte) (row + i));
    }
    return new Block(row, row * 1000, skipped, count, null, samples);
  }

  private static BlockMessage message(long epoch, long row, int count) {
    return new BlockMessage(false, 1, epoch, 0, List.of(block(row, 0, count)));
  }

  @Test
  public void withoutAStreamWhatIsLostIsTold() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Simulation it = new Simulation(seed, new Way(0.1, 0.05, 0, 0, MUCH), false);
      it.run();
      it.check();
      assertTrue(it.lostRows() > 0);
      assertTrue(it.duplicates > 0);
    }
  }

  @Test
  public void withAStreamNothingIsLost() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Simulation it = new Simulation(seed, new Way(0.2, 0.05, 0, 0.05, MUCH), true);
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
      Simulation it = new Simulation(seed, new Way(0.2, 0.05, 0.1, 0.05, MUCH), true);
      it.run();
      it.check();
      it.lost.forEach(
          (epoch, rows) -> rows.forEach(row -> assertFalse(it.kept.contains(epoch + "/" + row))));
    }
  }

  @Test
  public void littleRoomLosesNoMoreThanItTells() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Simulation it = new Simulation(seed, new Way(0.2, 0.05, 0.1, 0.05, 3_000), true);
      it.run();
      it.check();
    }
  }

  private static final class Fixed {
    final Simulation it = new Simulation(1, new Way(0, 0, 0, 0, MUCH), false);

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
    return new BlockMessage(true, 1, 1, 0, List.of(block(row, 0, 1)));
  }

  @Test
  public void aBlockThatOverlapsIsCut() {
    Fixed rows = new Fixed();
    assertEquals(List.of(10L, 11L, 12L), rows.live(message(1, 10, 3)));
    assertEquals(List.of(13L, 14L), rows.live(message(1, 11, 4)));
    assertEquals(List.of(), rows.live(message(1, 11, 4), message(1, 10, 1)));
    assertEquals(2, rows.it.duplicates);
    assertEquals(0, rows.it.lostRows());
  }

  @Test
  public void whatTheSourceLeavesOutIsNoHole() {
    Fixed rows = new Fixed();
    rows.live(message(1, 0, 5));
    rows.it.rows.live(new BlockMessage(false, 1, 1, 0, List.of(block(10, 5, 1))));
    assertEquals(0, rows.it.lostRows());
    rows.it.rows.live(new BlockMessage(false, 1, 1, 0, List.of(block(20, 5, 1))));
    assertEquals(new TreeSet<>(List.of(11L, 12L, 13L, 14L)), rows.it.lost.get(1L));
  }

  @Test
  public void aKeptSampleIsTakenFirstAndMissesNothing() {
    Fixed rows = new Fixed();
    assertEquals(List.of(7L), rows.live(kept(7)));
    assertEquals(List.of(), rows.live(kept(7)));
    assertEquals(List.of(9L, 10L), rows.live(message(1, 9, 2)));
    assertEquals(0, rows.it.lostRows());
  }

  @Test
  public void aKeptSampleWaitsForTheBlocksBeforeIt() {
    Fixed rows = new Fixed();
    rows.live(message(1, 0, 5));
    assertEquals(List.of(), rows.live(kept(9)));
    assertEquals(List.of(5L, 6L, 7L, 8L, 9L), rows.live(message(1, 5, 5)));
    assertEquals(0, rows.it.lostRows());
  }

  @Test
  public void aKeptSampleTellsOfBlocksThatNeverCome() {
    Fixed rows = new Fixed();
    rows.live(message(1, 0, 5), kept(9));
    for (int i = 0; i < 300; i++) {
      rows.it.tick();
    }
    assertTrue(rows.it.taken.get(1L).contains(9L));
    assertEquals(new TreeSet<>(List.of(5L, 6L, 7L, 8L)), rows.it.lost.get(1L));
  }

  @Test
  public void whatIsNotDescribedWaitsAndIsGivenUp() {
    Fixed rows = new Fixed();
    rows.live(message(1, 0, 5));
    rows.it.described = 0;
    assertEquals(List.of(), rows.live(message(1, 5, 5), message(1, 10, 5)));
    rows.it.described = 1;
    rows.it.tick();
    assertTrue(rows.it.taken.get(1L).contains(14L));
    rows.it.described = 0;
    rows.live(message(1, 15, 2));
    for (int i = 0; i < 1_100; i++) {
      rows.it.tick();
    }
    assertEquals(new TreeSet<>(List.of(15L, 16L)), rows.it.lost.get(1L));
    assertFalse(rows.it.rows.isHolding());
  }

  @Test
  public void whatNobodyDescribesDoesNotEndTheSignal() {
    Fixed rows = new Fixed();
    rows.live(message(1, 0, 5), message(STRANGE, 1_000, 2));
    assertEquals(List.of(5L, 6L), rows.live(message(1, 5, 2)));
    for (int i = 0; i < 1_100; i++) {
      rows.it.tick();
    }
    assertFalse(rows.it.rows.isHolding());
    assertEquals(new TreeSet<>(List.of(1_000L, 1_001L)), rows.it.lost.get(STRANGE));
    assertEquals(List.of(7L, 8L), rows.live(message(1, 7, 2)));
    rows.live(message(2, 0, 2));
    assertEquals(new TreeSet<>(List.of(0L, 1L)), rows.it.taken.get(2L));
  }

  @Test
  public void strangersFindLittleRoom() {
    Fixed rows = new Fixed();
    rows.live(message(1, 0, 5));
    for (int i = 0; i < 10_000; i++) {
      rows.it.rows.live(message(STRANGE + 1_000L * i, 0, 1));
      rows.it.rows.live(new BlockMessage(false, 1, -i, 0, List.of()));
    }
    assertTrue("held: " + rows.it.budget.bytes(), rows.it.budget.bytes() < 10_000);
  }

  @Test
  public void whoWantsItAgainMissesNothing() {
    Fixed rows = new Fixed();
    rows.live(message(1, 0, 5));
    rows.it.rows.end();
    rows.it.rows.begin(false, false);
    assertEquals(List.of(90L), rows.live(message(1, 2, 2), message(1, 90, 1)));
    assertEquals(0, rows.it.lostRows());
  }

  @Test
  public void whatIsMissingAtTheEndIsTold() {
    Fixed rows = new Fixed();
    rows.live(end(1, 7)); // nothing was taken
    rows.live(message(1, 0, 5), end(1, 5), end(1, 3), end(2, 9));
    assertEquals(0, rows.it.lostRows());
    rows.live(end(1, 7), end(1, 7));
    assertEquals(new TreeSet<>(List.of(5L, 6L)), rows.it.lost.get(1L));
    assertEquals(List.of(7L), rows.live(message(1, 7, 1)));
    assertEquals(2, rows.it.lostRows());
  }

  private static BlockMessage end(long epoch, long row) {
    return BlockMessage.read(BlockMessage.end(1, epoch, row));
  }

  @Test
  public void whoGoesOnIsToldWhatIsMissing() {
    Fixed rows = new Fixed();
    rows.live(message(1, 0, 5), message(1, 7, 1));
    rows.it.rows.end();
    rows.it.rows.begin(false, true);
    assertEquals(List.of(90L), rows.live(message(1, 2, 2), message(1, 90, 1)));
    assertEquals(2 + 82, rows.it.lostRows());
    rows.it.rows.end();
    rows.it.rows.begin(false, false);
    rows.it.rows.end();
    rows.it.rows.begin(false, true); // nothing was taken since
    assertEquals(List.of(200L), rows.live(message(1, 200, 1)));
    assertEquals(2 + 82, rows.it.lostRows());
  }

  @Test
  public void historyComesBeforeWhatIsLive() {
    Simulation it = new Simulation(3, new Way(0, 0, 0, 0, MUCH), true);
    it.rows.begin(true, false);
    it.rows.live(message(2, 50, 5));
    assertTrue(it.taken.isEmpty());
    it.rows.readBegins();
    it.rows.read(message(1, 7, 3), false); // an earlier life of the table
    it.rows.read(message(2, 40, 5), false);
    it.rows.read(message(2, 45, 5), false);
    it.rows.live(message(2, 55, 1));
    assertEquals(new TreeSet<>(List.of(7L, 8L, 9L)), it.taken.get(1L));
    assertEquals(10, it.taken.get(2L).size());
    it.rows.read(message(2, 50, 5), false);
    assertEquals(16, it.taken.get(2L).size());
    assertFalse(it.rows.isHolding());
    it.rows.readToTheEnd();
    assertFalse(it.rows.wantsReading());
    assertEquals(List.of(), it.faults);
  }

  @Test
  public void withoutHistoryInTheStreamItGoesOnAtItsEnd() {
    Simulation it = new Simulation(3, new Way(0, 0, 0, 0, MUCH), true);
    it.rows.begin(true, false);
    it.rows.live(message(2, 50, 5));
    it.rows.readBegins();
    it.rows.readToTheEnd();
    assertEquals(5, it.taken.get(2L).size());
    assertFalse(it.rows.wantsReading());
  }
}
