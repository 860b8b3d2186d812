/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Test;

public final class StructureQueueTest {
  private final StructureQueue queue = new StructureQueue();
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());

  @Test
  public void changeIsDoneWhenItsBringerGoesOn() {
    queue.execute(() -> log.add("done"));
    assertEquals(List.of("done"), log);
  }

  @Test
  public void changeBroughtByAChangeRunsAfterIt() {
    queue.execute(
        () -> {
          queue.execute(() -> log.add("inner"));
          queue.executeAndWait("inner 2", () -> log.add("inner 2"));
          log.add("outer");
        });
    queue.execute(() -> {}); // behind them
    assertEquals(List.of("outer", "inner", "inner 2"), log);
  }

  @Test
  public void failedChangeDoesNotStopTheOthers() {
    queue.execute(
        () -> {
          throw new IllegalStateException("on purpose");
        });
    queue.execute(
        () -> {
          throw new StackOverflowError("on purpose");
        });
    queue.execute(() -> log.add("next"));
    assertEquals(List.of("next"), log);
  }

  @Test(timeout = 20_000)
  public void nobodyWaitsForAChangeThatIsHeldUp() {
    CountDownLatch goOn = new CountDownLatch(1);
    queue.execute(
        () -> {
          awaitQuietly(goOn);
          log.add("first");
        });
    queue.execute(() -> log.add("second"));
    assertEquals("both bringers went on", List.of(), log);
    goOn.countDown();
    queue.executeAndWait("third", () -> log.add("third"));
    assertEquals(List.of("first", "second", "third"), log);
  }

  @Test(timeout = 20_000)
  public void threadEndsWhenNothingComesAndComesBack() throws InterruptedException {
    Thread[] worker = new Thread[1];
    queue.start();
    queue.execute(() -> worker[0] = Thread.currentThread());
    queue.stop();
    worker[0].join();
    queue.execute(() -> log.add("late"));
    assertEquals(List.of("late"), log);
  }

  @Test(timeout = 20_000)
  public void whoWaitsReturnsWhenTheChangeIsDone() throws InterruptedException {
    int threads = 4;
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger overlaps = new AtomicInteger();
    AtomicInteger early = new AtomicInteger();
    List<Thread> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 2000; i++) {
                  boolean[] done = new boolean[1];
                  queue.executeAndWait(
                      "test",
                      () -> {
                        if (inside.incrementAndGet() != 1) {
                          overlaps.incrementAndGet();
                        }
                        done[0] = true;
                        inside.decrementAndGet();
                      });
                  if (!done[0]) {
                    early.incrementAndGet();
                  }
                }
              });
      thread.start();
      all.add(thread);
    }
    for (Thread thread : all) {
      thread.join();
    }
    assertEquals("changes at the same time", 0, overlaps.get());
    assertEquals("returned early", 0, early.get());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
