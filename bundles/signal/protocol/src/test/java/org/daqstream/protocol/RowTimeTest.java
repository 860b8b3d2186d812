/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import org.daqstream.protocol.ProtocolException.Kind;
import org.junit.Test;

public class RowTimeTest {
  private final RowTime time = new RowTime(10);

  private void pair(long row, long tick) {
    time.add(new DomainPair(row, tick));
  }

  @Test
  public void bothSidesOfAGapKeepTheirTimes() throws ProtocolException { // case 65
    pair(0, 1000);
    pair(100, 5000);
    assertEquals(1000, time.tickOf(0));
    assertEquals(1990, time.tickOf(99));
    assertEquals(5000, time.tickOf(100));
    assertEquals(5010, time.tickOf(101));
    assertEquals(100, time.endOf(99));
    assertEquals(Long.MAX_VALUE, time.endOf(100));
  }

  @Test
  public void newDeltaHoldsFromItsRowOn() throws ProtocolException { // case 66
    pair(0, 1000);
    time.setDelta(1);
    pair(10, 1100);
    assertEquals(1090, time.tickOf(9));
    assertEquals(1101, time.tickOf(11));
  }

  @Test
  public void segmentAnnouncedAgainDoesNotForgetTheNext() throws ProtocolException {
    pair(0, 1000);
    pair(100, 5000);
    pair(50, 1500);
    assertEquals(5000, time.tickOf(100));
    assertEquals(1500, time.tickOf(50));
  }

  @Test
  public void rowsMayStartOver() throws ProtocolException {
    pair(0, 1000);
    pair(100, 5000);
    pair(0, 9000);
    assertEquals(10_000, time.tickOf(100));
  }

  @Test
  public void newPairOfTheSameRowReplacesTheOld() throws ProtocolException {
    pair(0, 1000);
    pair(0, 2000);
    assertEquals(2000, time.tickOf(0));
  }

  @Test
  public void rowsBeforeTheFirstSegmentAreExtrapolated() throws ProtocolException {
    pair(100, 5000);
    assertEquals(4000, time.tickOf(0));
  }

  @Test
  public void overflowIsToldNotWrapped() {
    pair(0, Long.MAX_VALUE - 5);
    assertEquals(Kind.BAD_DATA, assertThrows(ProtocolException.class, () -> time.tickOf(1)).kind());
    assertEquals(
        Kind.BAD_DATA,
        assertThrows(ProtocolException.class, () -> time.tickOf(Long.MAX_VALUE)).kind());
    assertThrows(IllegalArgumentException.class, () -> time.setDelta(0));
  }

  @Test
  public void memoryIsBoundedAndTheLatestAreKept() throws ProtocolException {
    for (int i = 0; i < 3 * RowTime.SEGMENT_LIMIT; i++) {
      pair(i, 1_000_000L * i);
    }
    int last = 3 * RowTime.SEGMENT_LIMIT - 1;
    assertEquals(1_000_000L * last, time.tickOf(last));
    int firstKept = last - RowTime.SEGMENT_LIMIT + 1;
    assertEquals(1_000_000L * firstKept, time.tickOf(firstKept));
    assertEquals(1_000_000L * firstKept - 10, time.tickOf(firstKept - 1));
  }
}
