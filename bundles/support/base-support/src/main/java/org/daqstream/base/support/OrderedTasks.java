/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Carries out tasks one after the other, in the order of their coming, on a daemon thread of its
 * own, which is there while there is something to do; for any thread. What is wrong with one task
 * stops no other.
 */
public final class OrderedTasks {
  private static final long IDLE_MS = 100;

  private final ScheduledThreadPoolExecutor executor;
  private final Consumer<Throwable> fault;
  private volatile Thread thread;

  /**
   * With nothing to do.
   *
   * @param fault told, by the thread, of what a task throws
   */
  public OrderedTasks(String name, Consumer<Throwable> fault) {
    this.fault = fault;
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              thread = Worker.daemon(name, work);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setKeepAliveTime(IDLE_MS, TimeUnit.MILLISECONDS);
    executor.allowCoreThreadTimeOut(true);
  }

  /**
   * Has the thread stay, too, when there is nothing to do. It is made here, and not when a task
   * comes: a thread remembers for its life on whose behalf it was made, class loader and all.
   */
  public void keepThread() {
    executor.allowCoreThreadTimeOut(false);
    executor.prestartCoreThread();
  }

  /** Lets the thread go when there is nothing to do. */
  public void letThreadGo() {
    executor.allowCoreThreadTimeOut(true);
  }

  /** Whether the thread of the tasks asks. */
  public boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  /** Has a task carried out behind those before it; false when the end has come already. */
  public boolean execute(Runnable task) {
    try {
      executor.execute(() -> run(task));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /**
   * Has a task carried out after a while, among the others, unless the end comes before; what is
   * returned takes it back.
   */
  public Runnable after(long delayMs, Runnable task) {
    try {
      var future = executor.schedule(() -> run(task), delayMs, TimeUnit.MILLISECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      return () -> {};
    }
  }

  /**
   * Has a task carried out again and again, so long after its last end, though it may fail; what is
   * returned ends that.
   */
  public Runnable every(long pauseMs, Runnable task) {
    try {
      var future =
          executor.scheduleWithFixedDelay(() -> run(task), pauseMs, pauseMs, TimeUnit.MILLISECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      return () -> {};
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      fault.accept(e);
    }
  }

  /** Forgets what waits. */
  public void forget() {
    executor.getQueue().clear();
  }

  /**
   * Takes no more tasks and waits so long for those that are there; then forgets those that wait,
   * and interrupts the one that runs.
   */
  public void end(long limitMs) {
    executor.shutdown();
    try {
      executor.awaitTermination(limitMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    executor.shutdownNow();
  }
}
