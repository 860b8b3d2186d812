/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs structural changes one after another, in the order of their coming, on the threads of those
 * who bring them: who finds the queue at rest works until it is empty, everyone else leaves the
 * change there. No lock is held while a change runs, so it may call sinks, and they may bring more
 * changes.
 */
final class StructureQueue {
  /**
   * How long {@link #executeAndWait} waits, so that a lock of somebody else cannot stop it for
   * ever.
   */
  private static final long WAIT_LIMIT_MS = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(StructureQueue.class);

  private final Queue<Runnable> changes = new ArrayDeque<>(); // guarded by itself
  private Thread worker; // guarded by changes

  /** Runs the change now, or leaves it to the thread that is at work. */
  void execute(Runnable change) {
    synchronized (changes) {
      changes.add(change);
      if (worker != null) {
        return;
      }
      worker = Thread.currentThread();
    }
    for (Runnable next = nextChange(); next != null; next = nextChange()) {
      run(next);
    }
  }

  /**
   * Runs the change and returns when it is done. Only a change that is brought from within another
   * change is left for later.
   *
   * @param what names the change
   * @throws IllegalStateException when a sink holds up the changes before it; it is done later
   */
  void executeAndWait(String what, Runnable change) {
    final CountDownLatch done = new CountDownLatch(1);
    execute(
        () -> {
          try {
            change.run();
          } finally {
            done.countDown();
          }
        });
    if (!isWorker() && !await(done)) {
      throw new IllegalStateException(
          what + " waits for another change for more than " + WAIT_LIMIT_MS + " ms");
    }
  }

  private Runnable nextChange() {
    synchronized (changes) {
      final Runnable next = changes.poll();
      if (next == null) {
        worker = null;
      }
      return next;
    }
  }

  private boolean isWorker() {
    synchronized (changes) {
      return worker == Thread.currentThread();
    }
  }

  private static void run(Runnable change) {
    try {
      change.run();
    } catch (RuntimeException | Error e) {
      LOG.error("A change of the published signals failed", e); // the others must still come
    }
  }

  private static boolean await(CountDownLatch done) {
    boolean interrupted = false;
    try {
      final long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_LIMIT_MS);
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
