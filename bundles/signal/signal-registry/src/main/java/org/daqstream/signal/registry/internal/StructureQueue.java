/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs structural changes one after another, in the order of their coming, on a thread of its own.
 * Who brings one waits until it is done, but not for a writer factory or a sink that takes its
 * time: then the change comes later, and the thread that starts bundles goes on. No lock is held
 * while a change runs, so it may call sinks, and they may bring more changes.
 */
final class StructureQueue {
  /** How long one change may take before nobody waits for it or for those behind it. */
  static final long PATIENCE_MS = 1_000;

  /**
   * How long {@link #executeAndWait} waits, so that a lock of somebody else cannot stop it for
   * ever.
   */
  private static final long WAIT_LIMIT_MS = 10_000;

  private static final long LOOK_MS = 20;
  private static final long IDLE_MS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(StructureQueue.class);

  private final ThreadPoolExecutor executor;
  private volatile Thread worker;
  private volatile long changeStartNanos = System.nanoTime();

  StructureQueue() {
    executor =
        new ThreadPoolExecutor(
            1, 1, IDLE_MS, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), this::newWorker);
    executor.allowCoreThreadTimeOut(true);
  }

  private Thread newWorker(Runnable work) {
    Thread thread = new Thread(work, "daqstream-registry");
    thread.setDaemon(true);
    worker = thread;
    return thread;
  }

  /**
   * Has the thread stay. It is made here, and not when a bundle brings a change: a thread remembers
   * for its life on whose behalf it was made, class loader and all.
   */
  void start() {
    executor.allowCoreThreadTimeOut(false);
    executor.prestartCoreThread();
  }

  /** Lets the thread end when nothing comes any more. */
  void stop() {
    executor.allowCoreThreadTimeOut(true);
  }

  /** Runs the change, and returns when it is done or something holds it up. */
  void execute(Runnable change) {
    CountDownLatch done = submit(change);
    if (isWorker()) {
      return;
    }
    while (!await(done, LOOK_MS)) {
      if (System.nanoTime() - changeStartNanos > TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS)) {
        return;
      }
    }
  }

  /** Runs the change when those before it are done. */
  void later(Runnable change) {
    submit(change);
  }

  /**
   * Runs the change and returns when it is done. Only a change that is brought from within another
   * change is left for later.
   *
   * @param what names the change
   * @throws IllegalStateException when a sink holds up the changes before it; it is done later
   */
  void executeAndWait(String what, Runnable change) {
    CountDownLatch done = submit(change);
    if (!isWorker() && !await(done, WAIT_LIMIT_MS)) {
      throw new IllegalStateException(
          what + " waits for another change for more than " + WAIT_LIMIT_MS + " ms");
    }
  }

  private CountDownLatch submit(Runnable change) {
    CountDownLatch done = new CountDownLatch(1);
    executor.execute(
        () -> {
          changeStartNanos = System.nanoTime();
          try {
            change.run();
          } catch (RuntimeException | Error e) {
            LOG.error("A change of the published signals failed", e); // the others must still come
          } finally {
            done.countDown();
          }
        });
    return done;
  }

  private boolean isWorker() {
    return worker == Thread.currentThread();
  }

  private static boolean await(CountDownLatch done, long timeoutMs) {
    boolean interrupted = false;
    try {
      long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
      while (true) {
        try {
          return done.await(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
