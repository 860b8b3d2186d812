/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import static org.junit.Assert.assertTrue;

import java.util.Random;
import org.junit.Test;

public class BackoffTest {

  @Test
  public void idleMinuteFollowsTheBackoff() { // of streams, see case 56
    Backoff backoff = new Backoff(1000, new Random(1));
    int attempts = 0;
    for (int waitedMs = 0; waitedMs < 60_000; attempts++) {
      int waitMs = backoff.nextMs();
      assertTrue("never later than C's second: " + waitMs, waitMs >= 25 && waitMs <= 1000);
      waitedMs += waitMs;
    }
    assertTrue("attempts " + attempts, attempts >= 60 && attempts <= 125);
  }

  @Test
  public void waitsDoubleUpToTheMaximum() {
    Backoff backoff = new Backoff(10_000, new Random(2));
    int base = 50;
    for (int i = 0; i < 12; i++) {
      int waitMs = backoff.nextMs();
      assertTrue(waitMs + " of " + base, waitMs >= base / 2 && waitMs <= base);
      base = Math.min(2 * base, 10_000);
    }
    backoff.reset();
    assertTrue(backoff.nextMs() <= 50);
  }

  @Test
  public void twoWritersDoNotStayInStep() {
    Backoff one = new Backoff(1000, new Random(3));
    Backoff two = new Backoff(1000, new Random(4));
    int apart = 0;
    for (int i = 0; i < 50; i++) {
      apart += one.nextMs() == two.nextMs() ? 0 : 1;
    }
    assertTrue("apart " + apart, apart > 40);
  }
}
