/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.base.support.LimitedLog;
import org.junit.Test;

public final class WallClockWatchTest {
  private static final long SECOND = 1_000_000_000;
  private static final String REST =
      ": the times of this host's signals go with it, those of simulators, files and bridges only"
          + " when they start again";

  private final List<String> lines = new ArrayList<>();
  private long steady = -5 * SECOND; // begins anywhere
  private final WallClockWatch watch =
      new WallClockWatch(new LimitedLog(lines::add, 1, 60 * SECOND, () -> steady));
  private long wall = 1_700_000_000 * SECOND;

  private boolean pass(long nanos, long stepNanos) {
    steady += nanos;
    wall += nanos + stepNanos;
    return watch.hasStepped(steady, wall, steady + 1000);
  }

  @Test
  public void aStepIsToldWithItsSize() {
    assertFalse(pass(0, 0));
    assertFalse(pass(SECOND, 0));
    assertTrue(pass(SECOND, -3600 * SECOND));
    assertFalse(pass(SECOND, 0));
    assertEquals(List.of("the wall clock was set back by 3600.000 s" + REST), lines);
  }

  @Test
  public void stepsAreToldOnceAMinute() {
    pass(0, 0);
    pass(SECOND, SECOND / 2);
    for (int i = 0; i < 59; i++) {
      pass(SECOND, 2 * SECOND);
    }
    assertEquals(List.of("the wall clock was set forth by 0.500 s" + REST), lines);
    pass(SECOND, 0);
    assertEquals("the wall clock was set forth by 118.000 s in 59 steps" + REST, lines.get(1));
  }

  @Test
  public void aSlowCorrectionIsNoStep() {
    for (int i = 0; i < 10_000; i++) {
      assertFalse(pass(SECOND, SECOND / 2000));
    }
    assertEquals(List.of(), lines);
  }

  @Test
  public void aThreadThatDidNotRunBetweenTheReadingsKnowsNothing() {
    pass(0, 0);
    steady += SECOND;
    wall += 2 * SECOND;
    assertFalse(watch.hasStepped(steady, wall, steady + SECOND));
    steady += SECOND;
    assertFalse(pass(SECOND, 0));
    assertEquals(List.of(), lines);
  }
}
