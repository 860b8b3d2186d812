/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.support;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Instant;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.junit.Test;

public final class DomainClockTest {
  private static SignalDescriptor domain(String origin, long num, long denom) {
    return SignalDescriptor.linearTime("t", 1).toBuilder()
        .origin(origin)
        .resolution(new Resolution(num, denom))
        .build();
  }

  @Test
  public void ticksAreTimesAndBack() {
    DomainClock third = DomainClock.of(domain("1970-01-01T00:00:01Z", 1, 3));
    assertEquals(1_333_333_333L, third.nanos(1));
    assertEquals("rounded down", 666_666_666L, third.nanos(-1));
    assertEquals(Instant.ofEpochSecond(2), third.instant(3));
    assertEquals(2, third.tickAt(Instant.ofEpochSecond(1, 333_333_334)));
    assertEquals(0, third.tickNanos());
    assertEquals(1_000, DomainClock.of(domain("1970-01-01", 1, 1_000_000)).tickNanos());
    assertEquals(
        -3_600_000_000_000L, DomainClock.of(domain("1970-01-01T00:00:00+01:00", 1, 1)).nanos(0));
  }

  @Test
  public void whatTellsNoDateCountsFromItsBeginning() {
    for (String origin : new String[] {"", "yesterday", "9999-01-01"}) {
      assertNull(origin, DomainClock.of(domain(origin, 1, 1_000)));
      DomainClock own = DomainClock.ofAny(domain(origin, 1, 1_000));
      assertFalse(own.isAbsolute());
      assertEquals(5_000_000L, own.nanos(5));
    }
    assertTrue(DomainClock.ofAny(domain("1970-01-01", 1, 1)).isAbsolute());
    SignalDescriptor metres =
        domain("1970-01-01", 1, 1).toBuilder().unit(new Unit(-1, "m", "metre", "length")).build();
    assertNull(DomainClock.ofAny(metres));
  }

  @Test
  public void whatIsBeyondSixtyFourBitsIsAtTheirEnd() {
    DomainClock seconds = DomainClock.of(domain("1970-01-01", 1, 1));
    assertThrows(ArithmeticException.class, () -> seconds.nanos(Long.MAX_VALUE));
    assertEquals(Long.MAX_VALUE, seconds.boundedNanos(Long.MAX_VALUE));
    assertEquals(Long.MIN_VALUE, seconds.boundedNanos(Long.MIN_VALUE));
    assertEquals(7_000_000_000L, seconds.boundedNanos(7));
  }

  @Test
  public void anOriginLongAgoDoesNotEndTheTimeSooner() {
    DomainClock clock = DomainClock.of(domain("1700-01-01T00:00:00Z", 1, 1_000_000));
    Instant now = Instant.parse("2026-11-30T08:00:00Z"); // 326 years, more than 64 bits hold
    assertEquals(now, clock.instant(clock.tickAt(now)));
  }
}
