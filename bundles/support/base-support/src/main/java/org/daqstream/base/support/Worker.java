/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** A daemon thread with its end. What runs on it looks whether it is still wanted, and rests. */
public final class Worker {
  private static final long STOP_LIMIT_MS = 5_000;
  private static final long FAULT_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Thread thread;
  private volatile boolean wanted = true;

  /**
   * Starts a thread with a task that is given the worker and ends soon when it is not wanted any
   * more.
   */
  public static Worker start(String name, Consumer<Worker> task) {
    Worker worker = new Worker(name, task);
    worker.thread.start();
    return worker;
  }

  private Worker(String name, Consumer<Worker> task) {
    thread = new Thread(() -> task.accept(this), name);
    thread.setDaemon(true);
  }

  /** Whether nobody has stopped it. */
  public boolean isWanted() {
    return wanted;
  }

  /** Waits so long, or until {@link #wake} or {@link #stop}; by its own thread. */
  public void rest(long nanos) {
    if (wanted && nanos > 0) {
      LockSupport.parkNanos(this, nanos);
    }
  }

  /**
   * Does one step after the other while it is wanted, by its own thread. Whatever is wrong with
   * one, the next is tried a second later.
   *
   * @param step gives how many nanoseconds to rest before the next one
   * @param fault told of what a step throws
   */
  public void repeat(LongSupplier step, Consumer<Throwable> fault) {
    while (wanted) {
      long restNanos = FAULT_PAUSE_NANOS;
      try {
        restNanos = step.getAsLong();
      } catch (RuntimeException | Error e) {
        fault.accept(e);
      }
      rest(restNanos);
    }
  }

  /** Ends its rest. */
  public void wake() {
    LockSupport.unpark(thread);
  }

  /** Has it end, and waits for that, but not for ever. */
  public void stop() {
    wanted = false;
    wake();
    try {
      thread.join(STOP_LIMIT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
