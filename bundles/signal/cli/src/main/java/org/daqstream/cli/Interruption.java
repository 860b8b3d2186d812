/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM: the command is interrupted, ends in order, and only then the process, with
 * the code that the system gives such an end: 130 or 143.
 */
final class Interruption {
  private static final long END_MS = 5_000;

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

  /** The command has ended: the process may. */
  void done() {
    done.countDown();
  }
}
