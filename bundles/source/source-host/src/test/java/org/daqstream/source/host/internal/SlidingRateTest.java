/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public final class SlidingRateTest {
  private static final long MS = 1_000_000;

  @Test
  public void givesNothingUntilTheWindowIsFull() {
    SlidingRate rate = new SlidingRate();
    for (int ms = 0; ms < 95; ms++) {
      assertTrue("at " + ms + " ms", Double.isNaN(rate.add(ms * MS, ms)));
    }
    assertEquals(1000, rate.add(95 * MS, 95), 1e-9);
  }

  @Test
  public void isTheDifferenceOfNeighboursAtTenHertzInSpiteOfJitter() {
    SlidingRate rate = new SlidingRate();
    rate.add(0, 100);
    assertEquals(200 / 0.1, rate.add(100 * MS, 300), 1e-9);
    assertEquals(50 / 0.098, rate.add(198 * MS, 350), 1e-9);
  }

  @Test
  public void isSteadyAtOneKilohertzThoughTheCounterMovesEveryTenMs() {
    SlidingRate rate = new SlidingRate();
    for (int ms = 0; ms < 5_000; ms++) {
      double value = rate.add(ms * MS, ms / 10 * 10L);
      if (ms >= 105) {
        assertEquals("at " + ms + " ms", 1000, value, 100.0);
      }
    }
  }

  @Test
  public void followsAStepWithinItsWindow() {
    SlidingRate rate = new SlidingRate();
    for (int ms = 0; ms <= 1000; ms++) {
      rate.add(ms * MS, 0);
    }
    double value = 0;
    for (int ms = 1; ms <= 110; ms++) {
      value = rate.add((1000 + ms) * MS, 7L * ms);
    }
    assertEquals(7000, value, 1e-9);
  }

  @Test
  public void startsAnewWhenTheCounterWasReset() {
    SlidingRate rate = new SlidingRate();
    rate.add(0, 1_000_000);
    assertTrue(Double.isNaN(rate.add(100 * MS, 10)));
    assertEquals(100, rate.add(200 * MS, 20), 1e-9);
  }
}
