/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import static org.junit.Assert.fail;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition with a deadline. */
final class Await {

  private static final long DEADLINE_MS = 20_000;

  private Await() {}

  static void until(String what, BooleanSupplier condition) {
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - untilNanos >= 0) {
        fail("not within " + DEADLINE_MS + " ms: " + what);
      }
      LockSupport.parkNanos(500_000);
    }
  }

  static long sinceMs(long startNanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }
}
