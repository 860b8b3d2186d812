/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.OrderedTasks;
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

  private static final Logger LOG = LoggerFactory.getLogger(StructureQueue.class);

  private final OrderedTasks changes =
      new OrderedTasks(
          "daqstream-registry", e -> LOG.error("A change of the published signals failed", e));
  private volatile long changeStartNanos = System.nanoTime();

  /** Has the thread stay, so that none is made when a bundle brings a change. */
  void start() {
    changes.keepThread();
  }

  /** Lets the thread end when nothing comes any more. */
  void stop() {
    changes.letThreadGo();
  }

  /** Runs the change, and returns when it is done or something holds it up. */
  void execute(Runnable change) {
    CountDownLatch done = submit(change);
    if (changes.isCurrent()) {
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
    if (!changes.isCurrent() && !await(done, WAIT_LIMIT_MS)) {
      throw new IllegalStateException(
          what + " waits for another change for more than " + WAIT_LIMIT_MS + " ms");
    }
  }

  private CountDownLatch submit(Runnable change) {
    CountDownLatch done = new CountDownLatch(1);
    changes.execute(
        () -> {
          changeStartNanos = System.nanoTime();
          try {
            change.run();
          } finally {
            done.countDown();
          }
        });
    return done;
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
