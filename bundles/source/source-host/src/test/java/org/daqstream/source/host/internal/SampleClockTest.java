/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public final class SampleClockTest {
  private static final long DELTA = 1_000_000;
  private static final long START = 1_700_000_000_000_000_000L;

  private final SampleClock clock = new SampleClock(DELTA, START + 300_000);

  @Test
  public void samplesStandOnTheGridSince1970() {
    assertEquals(700_000, clock.nanosUntilDue(START + 300_000));
    assertEquals(0, clock.nanosUntilDue(START + DELTA));
    assertEquals(START + DELTA, clock.take());
    assertEquals(DELTA - 5, clock.nanosUntilDue(START + DELTA + 5));
    assertEquals(0, clock.nanosUntilDue(START + 2 * DELTA + 60_000));
    assertEquals("latency does not add up", START + 2 * DELTA, clock.take());
    assertEquals(0, clock.takeMissedRows());
  }

  @Test
  public void aSampleHalfAPeriodLateIsStillTaken() {
    assertEquals(0, clock.nanosUntilDue(START + DELTA + DELTA / 2));
    assertEquals(START + DELTA, clock.take());
  }

  @Test
  public void aSampleMoreThanHalfAPeriodLateIsLeftOut() {
    assertEquals(DELTA / 2 - 1, clock.nanosUntilDue(START + DELTA + DELTA / 2 + 1));
    assertEquals(START + 2 * DELTA, clock.take());
    assertEquals(1, clock.takeMissedRows());
  }

  @Test
  public void aLaterSampleIsLeftOutTogetherWithThoseWhoseTimeHasPassed() {
    assertEquals(DELTA / 4, clock.nanosUntilDue(START + 5 * DELTA + 3 * DELTA / 4));
    assertEquals(5, clock.takeMissedRows());
    assertEquals(0, clock.takeMissedRows());
    assertEquals(START + 6 * DELTA, clock.take());
  }

  @Test
  public void followsAClockThatIsSetBack() {
    long hourNanos = 3_600_000_000_000L;
    assertEquals(DELTA, clock.nanosUntilDue(START - hourNanos));
    assertEquals(START - hourNanos + DELTA, clock.take());
    assertEquals(0, clock.takeMissedRows());
  }

  @Test
  public void rowsThatAClockJumpsOverAreNotLeftOut() {
    long hourNanos = 3_600_000_000_000L;
    clock.restart(START + hourNanos);
    assertEquals(DELTA, clock.nanosUntilDue(START + hourNanos));
    assertEquals(START + hourNanos + DELTA, clock.take());
    assertEquals(0, clock.takeMissedRows());
  }
}
