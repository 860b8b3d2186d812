/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.util.concurrent.locks.LockSupport;

/** Waiting. */
final class Pause {
  private Pause() {}

  static void millis(long millis) {
    untilNanos(System.nanoTime() + millis * 1_000_000);
  }

  /** Waits until a thread has ended. */
  static void untilEnd(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Waits until {@link System#nanoTime} reaches a time. */
  static void untilNanos(long deadline) {
    for (long left = deadline - System.nanoTime(); left > 0; left = deadline - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
