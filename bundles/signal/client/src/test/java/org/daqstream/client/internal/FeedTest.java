/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SampleListener;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.testing.Await;
import org.junit.Test;

/** Direct delivery: one call at a time, and nobody waits for another one's. */
public class FeedTest {
  private static final RemoteSignal SIGNAL =
      new RemoteSignal(SignalDescriptor.value("v", DataTypes.INT8).build(), null, "", null);

  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch isIn = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final Feed feed = new Feed(new Slow(), null, fault -> events.add("fault " + fault));

  /** Waits in its first block. */
  private final class Slow implements SampleListener {
    @Override
    public void block(SampleBlock block) {
      events.add("block " + block.row());
      isIn.countDown();
      try {
        if (!goOn.await(20, TimeUnit.SECONDS)) {
          events.add("nobody let it go on");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      events.add("done " + block.row());
    }

    @Override
    public void interrupted(String why) {
      events.add("interrupted " + why);
    }

    @Override
    public void ended(String why) {
      events.add("ended " + why);
    }
  }

  private static SampleBlock block(long row) {
    return SampleBlock.untimed(SIGNAL, row, 1, ByteBuffer.allocate(1));
  }

  /** One who holds a lock that the listener waits for would never give it back. */
  @Test(timeout = 20_000)
  public void whoEndsItDoesNotWaitForTheListener() throws InterruptedException {
    Thread reader = new Thread(() -> feed.block(block(0)));
    reader.start();
    isIn.await();
    feed.interrupted("for now");
    feed.ended("unsubscribed");
    feed.interrupted("too late");
    assertEquals(List.of("block 0"), List.copyOf(events));
    goOn.countDown();
    reader.join();
    feed.block(block(1));
    assertEquals(
        List.of("block 0", "done 0", "interrupted for now", "ended unsubscribed"),
        List.copyOf(events));
  }

  @Test(timeout = 20_000)
  public void whatComesMeanwhileIsDeliveredInOrderByWhoCalls() throws InterruptedException {
    Thread reader = new Thread(() -> feed.block(block(0)));
    reader.start();
    isIn.await();
    feed.block(block(1));
    feed.block(block(2));
    goOn.countDown();
    reader.join();
    assertEquals(
        List.of("block 0", "done 0", "block 1", "done 1", "block 2", "done 2"),
        List.copyOf(events));
  }

  private static void assertInOrder(long count, List<Long> rows) {
    for (int i = 0; i < rows.size(); i++) {
      assertEquals("block " + i, i, (long) rows.get(i));
    }
    assertEquals(count, rows.size());
  }

  /** The listener is slower than blocks come; all the same who subscribes gets away. */
  @Test(timeout = 20_000)
  public void whoSubscribesLeavesTheStreamToWhoReadsIt() throws InterruptedException {
    List<Long> rows = Collections.synchronizedList(new ArrayList<>());
    AtomicReference<Thread> caller = new AtomicReference<>();
    Feed late =
        new Feed(
            block -> {
              LockSupport.parkNanos(100_000);
              caller.set(Thread.currentThread());
              rows.add(block.row());
            },
            null,
            fault -> events.add("fault " + fault));
    AtomicLong row = new AtomicLong();
    AtomicBoolean isOver = new AtomicBoolean();
    late.hold();
    late.block(block(row.getAndIncrement()));
    Thread reader =
        new Thread(
            () -> {
              while (!isOver.get()) {
                late.block(block(row.getAndIncrement()));
              }
            });
    reader.start();
    Await.until("blocks that wait", () -> row.get() > 100);
    late.release();
    assertTrue("what had come is delivered", rows.size() >= 100);
    int size = rows.size();
    Await.until("more blocks", () -> rows.size() > size + 100);
    assertEquals(reader, caller.get());
    isOver.set(true);
    reader.join();
    assertInOrder(row.get(), rows);
    assertEquals(List.of(), List.copyOf(events));
  }

  /** Nothing is lost or turned round when the calls go from one to the other again and again. */
  @Test(timeout = 60_000)
  public void callsGoOverInOrder() throws InterruptedException {
    for (int i = 0; i < 20; i++) {
      callsGoOver(20_000);
    }
  }

  private void callsGoOver(int count) throws InterruptedException {
    List<Long> rows = new ArrayList<>();
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger notices = new AtomicInteger();
    Feed busy =
        new Feed(
            new SampleListener() {
              @Override
              public void block(SampleBlock block) {
                if (inside.getAndIncrement() != 0) {
                  events.add("two calls at once");
                }
                rows.add(block.row());
                inside.decrementAndGet();
              }

              @Override
              public void interrupted(String why) {
                if (inside.getAndIncrement() != 0) {
                  events.add("two calls at once");
                }
                notices.incrementAndGet();
                inside.decrementAndGet();
              }
            },
            null,
            fault -> events.add("fault " + fault));
    List<Thread> others = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      others.add(
          new Thread(
              () -> {
                for (int k = 0; k < count; k++) {
                  busy.interrupted("now");
                }
              }));
    }
    others.forEach(Thread::start);
    for (long i = 0; i < count; i++) {
      busy.block(block(i));
    }
    for (Thread each : others) {
      each.join();
    }
    assertEquals(List.of(), List.copyOf(events));
    assertInOrder(count, rows);
    assertEquals(2L * count, notices.get());
  }
}
