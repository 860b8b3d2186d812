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

/** A publisher, a way with faults, a stream, and the rows under test. */
final class RowsSimulation implements RowTaker {
  static final int MUCH = 1 << 30;

  /** An epoch that nobody describes. */
  static final long STRANGE = 77;

  private static final long FILL_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int MESSAGES = 400;

  /** What is wrong on the way. */
  record Way(double lost, double repeated, double unkept, double late, int holdBytes) {}

  /** A message in the stream that comes there after a while. */
  record Due(int step, BlockMessage message) {}

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

  RowsSimulation(long seed, Way way, boolean hasStream) {
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

  void tick() {
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

  static boolean isStrange(long epoch) {
    return epoch % 1_000 == STRANGE;
  }

  static Block block(long row, long skipped, int count) {
    ByteBuffer samples = ByteBuffer.allocate(count);
    for (int i = 0; i < count; i++) {
      samples.put(i, (byte) (row + i));
    }
    return new Block(row, row * 1000, skipped, count, null, samples);
  }

  static BlockMessage message(long epoch, long row, int count) {
    return new BlockMessage(false, 1, epoch, 0, List.of(block(row, 0, count)));
  }
}
