/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.Test;

public class OrderedTasksTest {
  private static final long HOUR_MS = 3_600_000;

  private final BlockingQueue<Object> happened = new LinkedBlockingQueue<>();
  private final OrderedTasks tasks = new OrderedTasks("test-tasks", happened::add);

  private Thread nextThread() throws InterruptedException {
    return (Thread) happened.take();
  }

  @Test(timeout = 20_000)
  public void tasksComeInOrderAndAFaultStopsNone() throws Exception {
    Error fault = new StackOverflowError("test");
    tasks.execute(() -> happened.add(tasks.isCurrent()));
    tasks.execute(
        () -> {
          throw fault;
        });
    tasks.execute(() -> happened.add("last"));
    assertEquals(true, happened.take());
    assertEquals(fault, happened.take());
    assertEquals("last", happened.take());
    assertFalse(tasks.isCurrent());
  }

  @Test(timeout = 20_000)
  public void whatIsDoneAgainAndAgainGoesOnThoughItFails() throws Exception {
    Error fault = new StackOverflowError("test");
    tasks.every(
        1,
        () -> {
          happened.add("again");
          throw fault;
        });
    for (int i = 0; i < 3; i++) {
      assertEquals("again", happened.take());
      assertEquals(fault, happened.take());
    }
    tasks.forget();
    tasks.end(HOUR_MS);
  }

  @Test(timeout = 20_000)
  public void whatIsThereIsDoneAtTheEndAndNothingComesAfterIt() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    tasks.execute(
        () -> {
          begun.countDown();
          happened.add(Thread.currentThread());
        });
    tasks.execute(() -> happened.add("last"));
    begun.await();
    tasks.end(HOUR_MS);
    Thread thread = nextThread();
    assertEquals("test-tasks", thread.getName());
    assertTrue(thread.isDaemon());
    assertEquals("last", happened.take());
    assertFalse(tasks.execute(() -> {}));
  }

  @Test(timeout = 20_000)
  public void whatHangsIsInterruptedAtTheEndAndWhatWaitsIsForgotten() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    tasks.execute(
        () -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            happened.add(Thread.currentThread());
          }
        });
    tasks.execute(() -> happened.add("too late"));
    begun.await();
    tasks.end(0);
    nextThread().join();
    assertTrue(happened.isEmpty());
  }

  @Test(timeout = 20_000)
  public void theThreadEndsWhenWhatWaitsIsForgotten() throws Exception {
    tasks.keepThread();
    tasks.after(0, () -> happened.add(Thread.currentThread()));
    tasks.after(HOUR_MS, () -> {});
    Thread thread = nextThread();
    tasks.forget();
    tasks.letThreadGo();
    thread.join();
  }

  @Test(timeout = 20_000)
  public void whatComesLaterIsDoneAllTheSame() throws Exception {
    tasks.keepThread();
    tasks.letThreadGo();
    tasks.after(1, () -> happened.add(Thread.currentThread()));
    nextThread().join();
  }

  @Test(timeout = 20_000)
  public void nothingIsTakenBehindTheEnd() {
    tasks.end(0);
    assertFalse(tasks.execute(() -> happened.add("too late")));
    tasks.after(0, () -> happened.add("too late")).run();
    assertTrue(happened.isEmpty());
  }
}
