/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.simulator.internal;

import static org.junit.Assert.assertEquals;

import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.junit.Test;

public final class TimelineTest {
  private static final long SECOND = 1_000_000_000L;

  private static Timeline plain(long rateHz) {
    return new Timeline(rateHz, 0, 0, 0);
  }

  @Test
  public void aWholeNumberOfNanosecondsIsTheTick() {
    SignalDescriptor domain = plain(1_000_000).domain("t", 1);
    assertEquals(Resolution.NANOSECONDS, domain.resolution());
    assertEquals(new Rule.Linear(1000), domain.rule());
    assertEquals(Unit.SECOND, domain.unit());
    assertEquals("1970-01-01", domain.origin());
    assertEquals(1_700_000_000L * SECOND, plain(1_000_000).tick(1_700_000_000_000_000L));
  }

  @Test
  public void elseThePeriodIsTheTickSoThatTimesAreExact() {
    for (long rateHz : new long[] {3, 7, 44_100, 999_999}) {
      SignalDescriptor domain = plain(rateHz).domain("t", 1);
      assertEquals(new Resolution(1, rateHz), domain.resolution());
      assertEquals(new Rule.Linear(1), domain.rule());
      assertEquals(1_700_000_000L * rateHz + 2, plain(rateHz).tick(1_700_000_000L * rateHz + 2));
    }
  }

  @Test
  public void halfTheRateIsTwiceTheDistanceWhateverTheRate() {
    assertEquals(new Rule.Linear(2), plain(44_100).domain("t", 2).rule());
    assertEquals(new Rule.Linear(2_000_000), plain(1000).domain("t", 2).rule());
  }

  @Test
  public void positionsAndTimesBelongTogether() {
    Timeline timeline = plain(3);
    assertEquals(3 * 1_700_000_000L, timeline.positionAt(1_700_000_000L * SECOND));
    assertEquals(
        "next one", 3 * 1_700_000_000L + 1, timeline.positionAt(1_700_000_000L * SECOND + 1));
    assertEquals(1_700_000_000L * SECOND + 666_666_666, timeline.nanos(3 * 1_700_000_000L + 2));
  }

  @Test
  public void aGapBeginsAtWholeMultiplesOfItsInterval() {
    Timeline timeline = new Timeline(100, 10, 25, 0);
    assertEquals(1025, timeline.skipGap(1000));
    assertEquals(1025, timeline.skipGap(1024));
    assertEquals(1025, timeline.skipGap(1025));
    assertEquals(1999, timeline.skipGap(1999));
    assertEquals(2000, timeline.segmentEnd(1999));
    assertEquals(2000, timeline.segmentEnd(1025));
  }

  @Test
  public void theRateChangesAtWholeMultiplesOfItsInterval() {
    Timeline timeline = new Timeline(100, 0, 0, 5);
    assertEquals(1, timeline.stride(0));
    assertEquals(1, timeline.stride(499));
    assertEquals(2, timeline.stride(500));
    assertEquals(1, timeline.stride(1000));
    assertEquals(500, timeline.segmentEnd(0));
    assertEquals(1000, timeline.segmentEnd(500));
  }

  @Test
  public void withoutGapsAndChangesTheLineHasNoEnd() {
    assertEquals(Long.MAX_VALUE, plain(100).segmentEnd(12));
    assertEquals(12, plain(100).skipGap(12));
    assertEquals(1, plain(100).stride(12));
  }
}
