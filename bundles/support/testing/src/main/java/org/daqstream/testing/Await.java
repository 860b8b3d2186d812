/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads bring about, long enough for a machine that has much to do. */
public final class Await {
  private static final long TIMEOUT_MS = 30_000;

  private Await() {}

  /**
   * Returns when it is so.
   *
   * @throws AssertionError when it is not in time
   */
  public static void until(String what, BooleanSupplier isSo) {
    until(what, TIMEOUT_MS, isSo);
  }

  /**
   * The same with a time of its own.
   *
   * @throws AssertionError when it is not in time
   */
  public static void until(String what, long timeoutMs, BooleanSupplier isSo) {
    long startNanos = System.nanoTime();
    while (!isSo.getAsBoolean()) {
      if (sinceMs(startNanos) > timeoutMs) {
        throw new AssertionError("not in time: " + what);
      }
      LockSupport.parkNanos(500_000);
    }
  }

  /** Milliseconds since a {@link System#nanoTime}. */
  public static long sinceMs(long startNanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }

  /**
   * Returns when no thread has a name that begins so. A thread lives on for a moment after its last
   * task, also when its executor says that it has ended.
   *
   * @throws AssertionError when there still is one in the end
   */
  public static void noThread(String prefix) {
    until("end of the threads " + prefix, () -> !threadRuns(prefix));
  }

  /** Whether there is a thread with a name that begins so. */
  public static boolean threadRuns(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith(prefix));
  }
}
