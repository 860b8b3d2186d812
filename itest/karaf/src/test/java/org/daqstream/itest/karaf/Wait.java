/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.karaf;

import static org.junit.Assert.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what Karaf does by and by. */
final class Wait {
  private static final int TIMEOUT_S = 30;

  private Wait() {}

  static void until(String what, Callable<Boolean> condition) throws Exception {
    untilNothing(() -> condition.call() ? "" : "there is no " + what);
  }

  /** Until nothing is missing any more. */
  static void untilNothing(Callable<String> missing) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
    for (String what = missing.call(); !what.isEmpty(); what = missing.call()) {
      assertTrue("after " + TIMEOUT_S + " s: " + what, System.nanoTime() < deadline);
      LockSupport.parkNanos(50_000_000);
    }
  }
}
