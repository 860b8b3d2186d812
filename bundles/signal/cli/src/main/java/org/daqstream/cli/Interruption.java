/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ctrl-C and SIGTERM: the command is interrupted, ends in order, and only then the process, with
 * the code that the system gives such an end: 130 or 143.
 */
final class Interruption {
  private static final long END_MS = 5_000;
  private static final long MEANWHILE_MS = 100;

  private final Thread command = Thread.currentThread();
  private final CountDownLatch done = new CountDownLatch(1);
  private final CountDownLatch asked = new CountDownLatch(1);

  /** For the command that this thread runs. */
  static Interruption ofProcess() {
    Interruption interruption = new Interruption();
    // By hand: a hook must be a thread that was not started.
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::onEnd, "daqstream-interruption"));
    return interruption;
  }

  private void onEnd() {
    if (done.getCount() == 0) {
      return; // the command has ended by itself
    }
    asked.countDown();
    command.interrupt();
    try {
      if (!done.await(END_MS, TimeUnit.MILLISECONDS)) {
        System.err.println("daqstream: not ended in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the user wants the end. */
  boolean isAsked() {
    return asked.getCount() == 0;
  }

  /** Waits until the user wants the end, but not longer than this; whether he does. */
  boolean awaitAsked(long limitMs) throws InterruptedException {
    return asked.await(limitMs, TimeUnit.MILLISECONDS);
  }

  /** What reads or writes files. */
  interface Work {
    /** Looks at {@link #isAsked} now and then. */
    void run() throws IOException;
  }

  /** Carries out work where the interrupt cannot harm it: it would close the files. */
  static void shield(Work work) throws IOException {
    carryOut(work, false, () -> {});
  }

  /**
   * Carries out work that the user's wish for an end interrupts, because it can be done again.
   *
   * @param meanwhile is done now and then, by this thread
   */
  static void interruptible(Work work, Runnable meanwhile) throws IOException {
    carryOut(work, true, meanwhile);
  }

  private static void carryOut(Work work, boolean isInterruptible, Runnable meanwhile)
      throws IOException {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              work.run();
              return null;
            });
    Thread thread = new Thread(task, "daqstream-files");
    thread.start();
    while (true) {
      try {
        task.get(MEANWHILE_MS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        meanwhile.run();
      } catch (InterruptedException e) {
        if (isInterruptible) {
          thread.interrupt();
        } // else the work sees by itself that its end is wanted
      } catch (ExecutionException e) {
        Throwable why = e.getCause();
        if (why instanceof IOException failure) {
          throw failure;
        }
        throw why instanceof RuntimeException failure ? failure : new IllegalStateException(why);
      }
    }
  }

  /** The command has ended: the process may. */
  void done() {
    done.countDown();
  }
}
