/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A daemon thread with its end. What runs on it looks whether it is still wanted, and rests. What
 * its task throws, but for {@link #repeat}, ends it and is said by the virtual machine.
 */
public final class Worker {
  private static final long STOP_LIMIT_MS = 5_000;
  private static final long FAULT_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Thread thread;
  private final Runnable unblock;
  private volatile boolean wanted = true;

  /**
   * Starts a thread with a task that is given the worker and ends soon when it is not wanted any
   * more.
   */
  public static Worker start(String name, Consumer<Worker> task) {
    Worker worker = new Worker(name, task);
    worker.start();
    return worker;
  }

  /** Makes a thread that is started later. */
  public Worker(String name, Consumer<Worker> task) {
    this(name, task, () -> {});
  }

  /**
   * Makes a thread that is started later.
   *
   * @param unblock has the task come back from where it waits, when it is not wanted any more and
   *     does not {@link #rest}: a selector's wake-up, for example
   */
  public Worker(String name, Consumer<Worker> task, Runnable unblock) {
    this.unblock = unblock;
    thread = daemon(name, () -> task.accept(this));
  }

  /** A thread that no process waits for, to be started. */
  public static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Starts the thread, once. */
  public void start() {
    thread.start();
  }

  /** The thread, to be looked at or interrupted. */
  public Thread thread() {
    return thread;
  }

  public String name() {
    return thread.getName();
  }

  /** Whether its own thread asks. */
  public boolean isCurrent() {
    return Thread.currentThread() == thread;
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
    stop(STOP_LIMIT_MS);
  }

  /** Has it end, and waits for that as {@link #join} does. */
  public boolean stop(long limitMs) {
    wanted = false;
    unblock.run();
    wake();
    return join(limitMs);
  }

  /**
   * {@return whether it has ended, after waiting so long for it} Not by its own thread, and not
   * when interrupted, which is kept.
   */
  public boolean join(long limitMs) {
    try {
      if (!isCurrent()) {
        thread.join(Math.max(1, limitMs));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }
}
