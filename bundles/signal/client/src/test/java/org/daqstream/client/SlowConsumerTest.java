/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.client.Gap.Reason;
import org.daqstream.testing.Await;
import org.junit.Test;

/** A device that sends faster than a consumer takes: each policy, and what it tells. */
public class SlowConsumerTest {
  private static final int LIMIT_MS = 10_000;
  private static final int BLOCKS = 20_000;
  private static final int BLOCK_ROWS = 16;
  private static final int QUEUE_BYTES = 50 * (BLOCK_ROWS * 4 + 64);

  /** So that blocks can be counted. */
  private static final SubscriptionOptions EACH = SubscriptionOptions.DEFAULT.eachPacket();

  private void flood(ServerLine line) throws Exception {
    flood(line, true);
  }

  private void flood(ServerLine line, boolean isLinear) throws Exception {
    line.greet("1.2.0", "v");
    line.answer(line.expect("subscribe", "v"), "[true]");
    line.signal(1, "t", isLinear ? Documents.linearTime("t", 10) : Documents.explicitTime("t"));
    line.value(2, "v", "t", "int32", 0);
    if (isLinear) {
      line.pair(1, 0, 100);
    }
    int[] values = new int[BLOCK_ROWS];
    long[] stamps = new long[BLOCK_ROWS];
    for (int i = 0; i < BLOCKS; i++) {
      for (int j = 0; j < BLOCK_ROWS; j++) {
        values[j] = i * BLOCK_ROWS + j;
        stamps[j] = 100 + 10L * values[j];
      }
      if (!isLinear) {
        line.data(1, Packets.longs(stamps));
      }
      line.data(2, Packets.ints(values));
    }
    line.untilLeft();
  }

  /** A consumer that waits at its first block until it is let go. */
  private static final class Slow implements SampleListener {
    final CountDownLatch mayGoOn = new CountDownLatch(1);
    final List<String> wrong = new ArrayList<>();
    final AtomicLong nextRow = new AtomicLong();
    final AtomicLong delivered = new AtomicLong();
    final AtomicLong missing = new AtomicLong();
    volatile String end = "";

    @Override
    public void block(SampleBlock block) {
      check("block", block.row(), nextRow.get());
      check("value", ((int[]) block.raw())[0], block.row());
      check("tick", block.tick(0), 100 + 10 * block.row());
      nextRow.addAndGet(block.count());
      delivered.addAndGet(block.count());
      try {
        mayGoOn.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void gap(Gap gap) {
      check("reason", gap.reason() == Reason.CONSUMER ? 1 : 0, 1);
      check("gap", gap.fromRow(), nextRow.get());
      check("begin", gap.fromTick(), 100 + 10 * gap.fromRow());
      check("end", gap.toTick(), 100 + 10 * gap.toRow());
      nextRow.addAndGet(gap.rows());
      missing.addAndGet(gap.rows());
    }

    private void check(String what, long actual, long expected) {
      if (actual != expected) {
        wrong.add(what + " " + actual + ", not " + expected);
      }
    }

    @Override
    public void ended(String why) {
      end = why;
    }
  }

  private void assertNothingIsUntold(SlowConsumer policy, boolean isLinear) throws Exception {
    try (ScriptedServer server = new ScriptedServer(line -> flood(line, isLinear));
        StreamingClient client = StreamingClient.at(server.address()).noReconnect().open()) {
      Slow slow = new Slow();
      RemoteSubscription subscription =
          client.subscribe("v", EACH.queue(QUEUE_BYTES, policy), slow);
      Await.until("the flood", () -> subscription.samples() == (long) BLOCKS * BLOCK_ROWS);
      slow.mayGoOn.countDown();
      subscription.close();
      Await.until("the end", () -> !slow.end.isEmpty());
      assertEquals(List.of(), slow.wrong);
      assertEquals((long) BLOCKS * BLOCK_ROWS, slow.delivered.get() + slow.missing.get());
      assertTrue("missing " + slow.missing.get(), slow.missing.get() > (BLOCKS - 100) * BLOCK_ROWS);
      assertTrue("delivered " + slow.delivered.get(), slow.delivered.get() >= 40 * BLOCK_ROWS);
    }
  }

  @Test
  public void theOldestGo() throws Exception {
    assertNothingIsUntold(SlowConsumer.DROP_OLDEST, true);
  }

  @Test
  public void theNewestGo() throws Exception {
    assertNothingIsUntold(SlowConsumer.DROP_NEWEST, true);
  }

  @Test
  public void theOldestGoFromAnExplicitDomain() throws Exception {
    assertNothingIsUntold(SlowConsumer.DROP_OLDEST, false);
  }

  @Test
  public void waitingStopsTheReading() throws Exception {
    try (ScriptedServer server = new ScriptedServer(line -> flood(line, true));
        StreamingClient client =
            StreamingClient.at(server.address()).pingIntervalMs(20).noReconnect().open()) {
      Slow slow = new Slow();
      Received fast = new Received();
      RemoteSubscription subscription =
          client.subscribe("v", EACH.queue(QUEUE_BYTES, SlowConsumer.WAIT), slow);
      client.subscribe("v", EACH, fast);
      Await.until("a full queue", () -> subscription.samples() >= 45 * BLOCK_ROWS);
      long before = client.statistics().samples();
      assertTrue("stands at " + before, before <= 60 * BLOCK_ROWS);
      slow.mayGoOn.countDown();
      Await.until("everything", () -> slow.delivered.get() == (long) BLOCKS * BLOCK_ROWS);
      assertEquals(List.of(), slow.wrong);
      assertEquals(0, slow.missing.get());
      assertEquals("", client.failure());
    }
  }

  @Test
  public void closingFreesWhoWaits() throws Exception {
    try (ScriptedServer server = new ScriptedServer(this::flood);
        StreamingClient client = StreamingClient.at(server.address()).noReconnect().open()) {
      Slow slow = new Slow();
      RemoteSubscription subscription =
          client.subscribe("v", EACH.queue(QUEUE_BYTES, SlowConsumer.WAIT), slow);
      Await.until("a full queue", () -> subscription.samples() >= 45 * BLOCK_ROWS);
      long startNanos = System.nanoTime();
      Runnable close = client::close;
      close.run();
      assertTrue("not the whole time", Await.sinceMs(startNanos) < 1_900);
      slow.mayGoOn.countDown();
      Await.until("the end", () -> slow.end.equals("the client was closed"));
      assertTrue("what was queued came", slow.delivered.get() >= 45 * BLOCK_ROWS);
    }
  }

  @Test
  public void endingEndsOneSubscription() throws Exception {
    try (ScriptedServer server = new ScriptedServer(this::flood);
        StreamingClient client = StreamingClient.at(server.address()).noReconnect().open()) {
      Slow slow = new Slow();
      Slow other = new Slow();
      other.mayGoOn.countDown();
      client.subscribe("v", EACH.queue(QUEUE_BYTES, SlowConsumer.END), slow);
      client.subscribe("v", EACH.queue(1 << 30, SlowConsumer.WAIT), other);
      Await.until("the other one", () -> other.delivered.get() == (long) BLOCKS * BLOCK_ROWS);
      slow.mayGoOn.countDown();
      Await.until("the end", () -> slow.end.contains("slower than its queue"));
      assertEquals(List.of(), slow.wrong);
      assertTrue("what was queued came", slow.delivered.get() >= 45 * BLOCK_ROWS);
    }
  }

  @Test
  public void aReaderFetchesWhenItLikes() throws Exception {
    try (ScriptedServer server = new ScriptedServer(this::flood);
        StreamingClient client = StreamingClient.at(server.address()).noReconnect().open();
        BlockReader reader =
            client.reader(EACH.queue(QUEUE_BYTES, SlowConsumer.WAIT), List.of("v"))) {
      long row = 0;
      while (row < (long) BLOCKS * BLOCK_ROWS) {
        SampleBlock block = reader.read(LIMIT_MS);
        assertEquals(row, block.row());
        row += block.count();
      }
      assertEquals(List.of(), reader.gaps());
      Runnable close = client::close;
      close.run();
      assertNull(reader.read(LIMIT_MS));
    }
  }

  @Test
  public void gapsThatNobodyFetchesFillNoMemory() throws Exception {
    int blocks = 12_000;
    try (ScriptedServer server =
            new ScriptedServer(
                line -> {
                  line.greet("2.0.0", "t", "v");
                  line.serveSubscribe("t", "v", "int32", 0);
                  for (int i = 0; i < blocks; i++) {
                    line.pair(1, i, 1_000_000L * i); // the clock jumps
                    line.data(2, Packets.ints(i));
                  }
                  line.untilLeft();
                });
        StreamingClient client = StreamingClient.at(server.address()).noReconnect().open();
        BlockReader reader =
            client.reader(
                SubscriptionOptions.DEFAULT.queue(1 << 24, SlowConsumer.WAIT), List.of("v"))) {
      for (int i = 0; i < blocks; i++) {
        assertEquals(i, reader.read(LIMIT_MS).row());
      }
      List<Gap> gaps = reader.gaps();
      assertEquals(10_000, gaps.size());
      assertEquals(1_000_000L * (blocks - 1), gaps.get(gaps.size() - 1).toTick());
      assertEquals(List.of(), reader.gaps());
    }
  }

  @Test
  public void aPublisherGivesWhatIsDemanded() throws Exception {
    try (ScriptedServer server = new ScriptedServer(this::flood);
        StreamingClient client = StreamingClient.at(server.address()).noReconnect().open()) {
      LinkedBlockingQueue<Object> heard = new LinkedBlockingQueue<>();
      client
          .publisher("v", EACH.queue(QUEUE_BYTES, SlowConsumer.WAIT))
          .subscribe(new QueueSubscriber(heard));
      Flow.Subscription subscription =
          (Flow.Subscription) heard.poll(LIMIT_MS, TimeUnit.MILLISECONDS);
      subscription.request(2);
      assertEquals(0, row(heard));
      assertEquals(BLOCK_ROWS, row(heard));
      Await.until("a full queue", () -> client.statistics().samples() >= 45 * BLOCK_ROWS);
      assertTrue("nothing undemanded", heard.isEmpty());
      subscription.request(1);
      assertEquals(2L * BLOCK_ROWS, row(heard));
      subscription.request(0);
      assertTrue(heard.poll(LIMIT_MS, TimeUnit.MILLISECONDS) instanceof IllegalArgumentException);
    }
  }

  private static long row(LinkedBlockingQueue<Object> heard) throws InterruptedException {
    return ((SampleBlock) heard.poll(LIMIT_MS, TimeUnit.MILLISECONDS)).row();
  }

  @Test
  public void aListenerThatThrowsIsCountedAndGoesOn() throws Exception {
    Received problems = new Received();
    CountDownLatch subscribed = new CountDownLatch(1);
    ScriptedServer.Script floodsBoth =
        line -> {
          assertTrue(subscribed.await(LIMIT_MS, TimeUnit.MILLISECONDS));
          flood(line);
        };
    try (ScriptedServer server = new ScriptedServer(floodsBoth);
        StreamingClient client =
            StreamingClient.at(server.address())
                .listener(
                    new ConnectionListener() {
                      @Override
                      public void problem(String what) {
                        problems.ended(what);
                      }
                    })
                .noReconnect()
                .open()) {
      AtomicLong calls = new AtomicLong();
      SampleListener thrower =
          block -> {
            calls.incrementAndGet();
            throw new IllegalStateException("on purpose");
          };
      client.subscribe("v", EACH.queue(1 << 30, SlowConsumer.WAIT), thrower);
      client.subscribe("v", EACH.direct(), thrower);
      subscribed.countDown();
      Await.until("all calls", () -> calls.get() == 2 * BLOCKS);
      Await.until("faults", () -> client.statistics().listenerFaults() == 2 * BLOCKS);
      problems.awaitEvent("ended: a listener failed: java.lang.IllegalStateException: on purpose");
      assertTrue("some told", problems.events().size() < 30);
    }
  }
}
