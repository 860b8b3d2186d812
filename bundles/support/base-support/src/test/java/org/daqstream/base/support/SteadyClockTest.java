/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import static org.junit.Assert.assertEquals;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Test;

public class SteadyClockTest {
  private final AtomicReference<Instant> wall =
      new AtomicReference<>(Instant.ofEpochSecond(1_000, 7));
  private final AtomicLong nanoTime = new AtomicLong(-5);
  private final SteadyClock clock =
      new SteadyClock(
          new Clock() {
            @Override
            public ZoneOffset getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }

            @Override
            public Instant instant() {
              return wall.get();
            }
          },
          nanoTime::get);

  @Test
  public void beginsWithTheWallClock() {
    assertEquals(1_000_000_000_007L, clock.getAsLong());
  }

  @Test
  public void followsTheTimeThatGoesByAndNoStep() {
    wall.set(Instant.EPOCH);
    nanoTime.addAndGet(3);
    assertEquals(1_000_000_000_010L, clock.getAsLong());
  }
}
