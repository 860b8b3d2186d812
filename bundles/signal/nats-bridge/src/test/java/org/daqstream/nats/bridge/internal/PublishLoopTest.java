/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.nats.support.NatsOptions;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.testing.Await;
import org.junit.After;
import org.junit.Test;

public class PublishLoopTest {
  private static final long MILLISECOND = 1_000_000;

  /** Takes messages, or has no room for them. */
  private static final class Line implements MessageSender {
    final List<Draft.Ready> sent = new CopyOnWriteArrayList<>();
    final List<byte[]> offered = new CopyOnWriteArrayList<>();
    volatile boolean hasRoom = true;
    volatile boolean isDropping;
    volatile int limitBytes = 1 << 20;

    @Override
    public boolean hasRoom() {
      return hasRoom;
    }

    @Override
    public boolean isDropping() {
      return isDropping;
    }

    @Override
    public int limitBytes() {
      return limitBytes;
    }

    @Override
    public boolean send(Draft.Ready message) {
      return sent.add(message);
    }

    @Override
    public void offer(String subject, byte[] message) {
      offered.add(message);
    }

    @Override
    public long anchor(Draft draft) {
      return 0;
    }

    @Override
    public long turn(long nowNanos) {
      return MILLISECOND;
    }

    @Override
    public void close() {}

    long samples() {
      return sent.stream().mapToLong(Draft.Ready::samples).sum();
    }

    /** All blocks in the order of their coming. */
    List<BlockMessage.Block> blocks() {
      List<BlockMessage.Block> blocks = new ArrayList<>();
      sent.forEach(each -> blocks.addAll(BlockMessage.read(each.bytes()).blocks()));
      return blocks;
    }
  }

  private final TestRegistry runtime = new TestRegistry();
  private final Line line = new Line();
  private final ImportedPaths paths = new ImportedPaths("here");
  private final OrderedTasks tasks = new OrderedTasks("test-announce", e -> {});
  private PublishLoop loop;

  private void start(long delayMs, int messageBytes, int memoryBytes) {
    PublishSettings settings =
        new PublishSettings(
            NatsOptions.to(NatsOptions.servers("nats://127.0.0.1:1")).build(),
            new Subjects("test"),
            List.of("**"),
            false,
            false,
            1,
            1 << 20,
            1,
            delayMs * MILLISECOND,
            messageBytes,
            memoryBytes);
    loop =
        new PublishLoop(
            "test", settings, id -> !id.startsWith("no"), new Announcer("p", paths, tasks));
    runtime.addSink(new OutgoingSink(loop));
    loop.start(line);
  }

  @After
  public void stop() {
    loop.stop(1_000);
    tasks.end(1_000);
  }

  private void want(SignalPort port, String... ids) {
    List<String> keys = new ArrayList<>();
    for (String each : ids) {
      keys.add(Subjects.key(each));
    }
    loop.wanted(new WantMessage("me", keys));
    Await.until("it is wanted", port::hasSubscriber);
  }

  private SignalPort open(String id) {
    return runtime
        .registry()
        .open(
            SignalDescriptor.linearTime(id + "/t", MILLISECOND),
            SignalDescriptor.value(id, "int64").build());
  }

  @Test
  public void onlyWhatIsWantedGoesAndEveryRowOnce() {
    start(1, 4096, 8 << 20);
    SignalPort port = open("a/b");
    SignalPort other = open("no/b");
    assertFalse(port.hasSubscriber());
    assertEquals(WriteResult.NO_SUBSCRIBER, port.write(0, new long[] {1}, 0, 1));
    want(port, "a/b", "no/b", "unknown");
    assertFalse(other.hasSubscriber());
    Random random = new Random(3);
    long row = 1;
    for (int i = 0; i < 500; i++) {
      long[] samples = new long[1 + random.nextInt(900)];
      for (int k = 0; k < samples.length; k++) {
        samples[k] = row + k;
      }
      assertEquals(WriteResult.ACCEPTED, port.write(row * MILLISECOND, samples, 0, samples.length));
      row += samples.length;
    }
    long last = row;
    Await.until("all has gone", () -> line.samples() == last - 1);
    long expected = 1;
    for (Draft.Ready each : line.sent) {
      assertTrue(each.bytes().length <= 4096 || each.blocks() == 1);
      assertEquals("test.data.a.b", each.draft().subject);
    }
    for (BlockMessage.Block each : line.blocks()) {
      assertEquals(expected, each.row());
      assertEquals(expected * MILLISECOND, each.tick());
      assertEquals(0, each.skipped());
      assertEquals(expected, each.samples().getLong());
      expected = each.endRow();
    }
  }

  @Test
  public void blocksThatComeWithinAWhileTravelTogether() {
    start(20, 65_536, 8 << 20);
    SignalPort port = open("a");
    want(port, "a");
    for (int i = 0; i < 1000; i++) {
      port.write(i * MILLISECOND, new long[] {i}, 0, 1);
    }
    Await.until("all has gone", () -> line.samples() == 1000);
    assertTrue("messages: " + line.sent.size(), line.sent.size() < 200);
  }

  @Test
  public void blocksThatGoOnOneBehindTheOtherTravelAsOne() {
    start(500, 65_536, 8 << 20);
    SignalPort port = open("a");
    want(port, "a");
    int blocks = 0;
    for (int row = 0; row < 1000; blocks++) {
      int count = Math.min(1 + row % 3, 1000 - row);
      port.write(row * MILLISECOND, new long[] {row, row + 1, row + 2}, 0, count);
      row += count;
    }
    Await.until("all has gone", () -> line.samples() == 1000);
    assertEquals("one message", 1, line.sent.size());
    assertEquals("as the source counts", blocks, line.sent.get(0).blocks());
    assertEquals("one block", 1, line.blocks().size());
    BlockMessage.Block block = line.blocks().get(0);
    assertEquals(1000, block.count());
    assertEquals(8000, block.samples().remaining());
    for (long row = 0; row < 1000; row++) {
      assertEquals(row, block.samples().getLong());
    }
  }

  @Test
  public void blocksThatDoNotGoOnStayApart() {
    start(500, 65_536, 8 << 20);
    SignalPort port = open("a");
    want(port, "a");
    port.writeAt(0, 0, new long[] {1}, 0, 1);
    port.writeAt(1, MILLISECOND, new long[] {1}, 0, 1); // goes on
    port.writeAt(2, 7 * MILLISECOND, new long[] {1}, 0, 1); // the clock has jumped
    port.writeAt(5, 10 * MILLISECOND, new long[] {1}, 0, 1); // rows are left out
    Await.until("all has gone", () -> line.samples() == 4);
    assertEquals(List.of(2, 1, 1), line.blocks().stream().map(BlockMessage.Block::count).toList());
    assertEquals(2, line.blocks().get(2).skipped());
  }

  @Test
  public void blocksOfStampsAndOfSamplesThatDifferInSizeStayApart() {
    start(500, 65_536, 8 << 20);
    SignalPort stamped =
        runtime
            .registry()
            .open(
                SignalDescriptor.explicitTime("s/t"), SignalDescriptor.value("s", "int64").build());
    SignalPort text =
        runtime
            .registry()
            .open(
                SignalDescriptor.linearTime("x/t", MILLISECOND),
                SignalDescriptor.text("x").build());
    want(stamped, "s", "x");
    Await.until("it is wanted", text::hasSubscriber);
    for (int i = 0; i < 3; i++) {
      stamped.write(new long[] {100L * i}, new long[] {i}, 0, 1);
      text.write(i * MILLISECOND, new String[] {"abc"}, 0, 1);
    }
    Await.until("all has gone", () -> line.samples() == 6);
    assertEquals(6, line.blocks().size());
    for (BlockMessage.Block each : line.blocks()) {
      assertEquals(1, each.count());
    }
  }

  @Test
  public void theEndIsToldWhenNoMoreComes() {
    start(0, 4096, 1 << 20);
    SignalPort port = open("a");
    SignalPort other = open("b");
    want(port, "a", "b");
    port.write(0, new long[10], 0, 10);
    Await.until("it is told", () -> !line.offered.isEmpty());
    BlockMessage end = BlockMessage.read(line.offered.get(0));
    assertEquals(10, end.endRow());
    assertEquals(BlockMessage.read(line.sent.get(0).bytes()).epoch(), end.epoch());
    assertEquals(List.of(), end.blocks());
    assertTrue(other.hasSubscriber()); // of which there is nothing to tell
    assertEquals("test.data.a", line.sent.get(0).draft().subject);
  }

  @Test
  public void rowsThatTheSourceLeavesOutAreTold() {
    start(0, 4096, 1 << 20);
    SignalPort port = open("a");
    want(port, "a");
    port.writeAt(0, 0, new long[] {1, 2}, 0, 2);
    port.writeAt(10, 10 * MILLISECOND, new long[] {3}, 0, 1);
    Await.until("all has gone", () -> line.samples() == 3);
    List<BlockMessage.Block> blocks = line.blocks();
    assertEquals(0, blocks.get(0).skipped());
    assertEquals(10, blocks.get(1).row());
    assertEquals(8, blocks.get(1).skipped());
  }

  @Test
  public void whatFindsNoRoomIsMissingInTheRowsAndCounted() {
    start(0, 4096, 65_536);
    line.hasRoom = false;
    SignalPort port = open("a");
    want(port, "a");
    long[] samples = new long[100];
    for (int i = 0; i < 1000; i++) {
      port.write(100L * i * MILLISECOND, samples, 0, 100);
    }
    line.hasRoom = true;
    Await.until("room is there again", () -> loop.ring().usedBytes() == 0);
    OutgoingSignal signal = loop.signals().get(0);
    Await.until(
        "more is taken",
        () -> {
          long before = line.samples();
          port.write(1_000_000 * MILLISECOND, samples, 0, 1);
          return line.samples() > before && signal.traffic.lostSamples() > 0;
        });
    long lost = 0;
    long end = 0;
    for (BlockMessage.Block each : line.blocks()) {
      assertEquals(0, each.skipped());
      lost += each.row() - end;
      end = each.endRow();
    }
    assertTrue(lost > 0);
    assertTrue(signal.traffic.lostSamples() >= lost);
  }

  @Test
  public void aSampleThatIsLargerThanTheServerTakesIsRefusedAndTheOthersGo() {
    start(0, 65_536, 1 << 20);
    SignalPort port =
        runtime
            .registry()
            .open(
                SignalDescriptor.explicitTime("t"),
                SignalDescriptor.value("bytes", "binary").build());
    want(port, "bytes");
    line.limitBytes = 1000;
    port.write(new long[] {1}, new byte[][] {new byte[2000]}, 0, 1);
    port.write(new long[] {2}, new byte[][] {new byte[20]}, 0, 1);
    Await.until("the small one has gone", () -> line.samples() == 1);
    assertEquals(1, loop.signals().get(0).traffic.lostSamples());
    assertEquals(1, line.blocks().get(0).row());
  }

  @Test
  public void aLongBlockGoesWholeAndAlone() {
    start(20, 65_536, 8 << 20);
    SignalPort port = open("a");
    want(port, "a");
    port.write(0, new long[3], 0, 3);
    port.write(3 * MILLISECOND, new long[8_190], 0, 8_190); // 65,520 B
    port.write(8_193 * MILLISECOND, new long[3], 0, 3);
    Await.until("all has gone", () -> line.samples() == 8_196);
    assertEquals(List.of(3L, 8_190L, 3L), line.sent.stream().map(Draft.Ready::samples).toList());
  }

  @Test
  public void aBlockThatTheServerDoesNotTakeIsCutIntoLikeParts() {
    line.limitBytes = 10_000;
    start(0, 65_536, 8 << 20);
    SignalPort port = open("a");
    want(port, "a");
    Await.until("the limit is known", () -> loop.blockMessageBytes() == 10_000);
    port.write(0, new long[1_300], 0, 1_300);
    Await.until("all has gone", () -> line.samples() == 1_300);
    assertEquals(List.of(650L, 650L), line.sent.stream().map(Draft.Ready::samples).toList());
    assertEquals(0, loop.signals().get(0).traffic.lostSamples());
  }

  @Test
  public void longBlocksPassThroughLittleMemory() {
    start(0, 65_536, 65_536);
    SignalPort port = open("a");
    want(port, "a");
    port.write(0, new long[8_190], 0, 8_190);
    Await.until("all has gone", () -> line.samples() + lost() == 8_190);
    assertTrue("samples " + line.samples(), line.samples() > 2_000);
  }

  private long lost() {
    return loop.signals().get(0).traffic.lostSamples();
  }

  @Test
  public void whoComesLaterIsToldTheLastSampleOfWhatHolds() {
    start(0, 4096, 1 << 20);
    SignalPort port =
        runtime
            .registry()
            .open(
                SignalDescriptor.explicitTime("t"),
                SignalDescriptor.value("state", "int64").rule(Rule.CONSTANT).build());
    port.write(new long[] {7}, new long[] {1}, 0, 1);
    port.write(new long[] {9}, new long[] {2}, 0, 1);
    Await.until("it has been taken", () -> loop.ring().usedBytes() == 0);
    loop.wanted(new WantMessage("me", List.of("state")));
    Await.until("it is told", () -> !line.offered.isEmpty());
    BlockMessage message = BlockMessage.read(line.offered.get(0));
    assertTrue(message.isKept());
    assertEquals(1, message.blocks().get(0).row());
    assertEquals(9, message.blocks().get(0).ticks()[0]);
    assertEquals(2, message.blocks().get(0).samples().getLong());
  }

  @Test
  public void whatHoldsGoesOnWhenOnlyItsDescriptionChanges() {
    start(0, 4096, 1 << 20);
    SignalTable table = runtime.registry().openTable(SignalDescriptor.explicitTime("t"));
    SignalPort port =
        table.open(SignalDescriptor.value("state", "int64").rule(Rule.CONSTANT).build());
    port.write(new long[] {7}, new long[] {1}, 0, 1);
    port.update(port.descriptor().toBuilder().name("other").build());
    table.updateDomain(table.domain().toBuilder().name("time").build());
    Await.until("it has been taken", () -> loop.ring().usedBytes() == 0);
    loop.wanted(new WantMessage("me", List.of("state")));
    Await.until("it is told", () -> !line.offered.isEmpty());
    BlockMessage message = BlockMessage.read(line.offered.get(0));
    assertEquals(loop.signals().get(0).announcement("p", paths).number(), message.description());
    port.update(port.descriptor().toBuilder().unit(Unit.VOLT).build());
    SignalPort other =
        table.open(SignalDescriptor.value("other", "int64").rule(Rule.CONSTANT).build());
    other.write(new long[] {8}, new long[] {2}, 0, 1);
    Await.until("it has been taken", () -> loop.ring().usedBytes() == 0);
    loop.wanted(new WantMessage("me", List.of("state", "other")));
    Await.until("the other one is told", () -> line.offered.size() > 1);
    assertEquals(2, line.offered.size());
    assertEquals(8, BlockMessage.read(line.offered.get(1)).blocks().get(0).tick());
  }

  @Test
  public void aBlockBelongsToTheDescriptionThatItWasWrittenUnder() {
    start(0, 4096, 1 << 20);
    SignalTable table = runtime.registry().openTable(SignalDescriptor.linearTime("t", MILLISECOND));
    SignalPort port = table.open(SignalDescriptor.value("a", "int64").build());
    want(port, "a");
    port.write(0, new long[] {1}, 0, 1);
    port.update(port.descriptor().toBuilder().name("other").build());
    port.write(MILLISECOND, new long[] {1}, 0, 1);
    table.updateDomain(SignalDescriptor.linearTime("t", 2 * MILLISECOND));
    port.write(3 * MILLISECOND, new long[] {1}, 0, 1);
    Await.until("all has gone", () -> line.samples() == 3);
    List<Integer> descriptions = new ArrayList<>();
    line.sent.forEach(each -> descriptions.add(BlockMessage.read(each.bytes()).description()));
    assertEquals(List.of(1, 2, 3), descriptions);
    assertEquals(3, loop.signals().get(0).announcement("p", paths).number());
  }
}
