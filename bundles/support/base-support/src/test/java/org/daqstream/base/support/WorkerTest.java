/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

public class WorkerTest {
  private static final long LONG_NANOS = TimeUnit.HOURS.toNanos(1);

  private final LinkedBlockingQueue<Object> happened = new LinkedBlockingQueue<>();

  private Object next() throws InterruptedException {
    return happened.poll(20, TimeUnit.SECONDS);
  }

  @Test
  public void restsUntilItIsWokenOrStopped() throws Exception {
    Worker worker =
        Worker.start(
            "test-worker",
            self -> {
              happened.add(Thread.currentThread());
              self.repeat(
                  () -> {
                    happened.add("step");
                    return LONG_NANOS;
                  },
                  happened::add);
              happened.add("end");
            });
    Thread thread = (Thread) next();
    assertEquals("test-worker", thread.getName());
    assertTrue(thread.isDaemon());
    assertEquals("step", next());
    worker.wake();
    assertEquals("step", next());
    worker.stop();
    assertFalse(thread.isAlive());
    assertEquals("end", next());
    assertTrue(happened.isEmpty());
  }

  @Test
  public void goesOnAfterAFault() throws Exception {
    RuntimeException fault = new IllegalStateException("test");
    Worker worker =
        Worker.start(
            "test-worker",
            self ->
                self.repeat(
                    () -> {
                      throw fault;
                    },
                    happened::add));
    assertEquals(fault, next());
    worker.wake();
    assertEquals(fault, next());
    worker.stop();
  }

  @Test
  public void anInterruptedStopKeepsTheInterrupt() {
    CompletableFuture<Void> hanging = new CompletableFuture<>();
    Worker worker = Worker.start("test-worker", self -> hanging.join());
    Thread.currentThread().interrupt();
    worker.stop();
    assertTrue(Thread.interrupted());
    assertFalse(worker.isWanted());
    hanging.complete(null);
  }

  @Test
  public void stopUnblocksWhatDoesNotRest() throws Exception {
    CompletableFuture<Void> waiting = new CompletableFuture<>();
    Worker worker = new Worker("test-worker", self -> waiting.join(), () -> waiting.complete(null));
    assertTrue("not started", worker.join(0));
    worker.start();
    assertFalse(worker.join(1));
    assertTrue(worker.stop(20_000));
  }

  @Test
  public void aStepMayEndItsWorker() throws Exception {
    Worker worker =
        Worker.start(
            "test-worker",
            self ->
                self.repeat(
                    () -> {
                      happened.add(self.isCurrent());
                      self.stop();
                      return LONG_NANOS;
                    },
                    happened::add));
    assertEquals(true, next());
    assertTrue(worker.join(20_000));
    assertTrue(happened.isEmpty());
  }
}
