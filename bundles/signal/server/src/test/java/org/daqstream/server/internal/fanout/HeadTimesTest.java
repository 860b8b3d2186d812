/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.TimeUnit;
import org.daqstream.server.internal.log.LogPosition;
import org.junit.Test;

/** The age of what lies in the log, also where nothing came for long. */
public class HeadTimesTest {
  private final HeadTimes heads = new HeadTimes(at(1, 0), ms(0));

  private static long ms(long ms) {
    return TimeUnit.MILLISECONDS.toNanos(ms);
  }

  private static LogPosition at(long sequence, int index) {
    LogPosition position = new LogPosition();
    position.sequence = sequence;
    position.index = index;
    return position;
  }

  private void assertAge(long ms, LogPosition place, LogPosition head, long nowMs) {
    assertEquals(ms(ms), heads.ageNanos(place, head, ms(nowMs)));
  }

  @Test
  public void ageCountsFromWhenTheHeadWasLastThere() {
    heads.note(at(1, 0), ms(3_000)); // nothing came
    heads.note(at(1, 0), ms(3_600_000));
    heads.note(at(1, 10), ms(3_600_100));
    heads.note(at(2, 5), ms(3_600_200));
    LogPosition head = at(2, 7);
    long now = 3_600_210;
    assertAge(0, head, head, now);
    assertAge(10, at(2, 5), head, now);
    assertAge(110, at(2, 4), head, now);
    assertAge(110, at(1, 10), head, now);
    assertAge(210, at(1, 9), head, now);
    assertAge(210, at(1, 0), head, now);
  }

  @Test
  public void turnsThatFollowCloselyShareANote() {
    for (int i = 1; i <= 1_000; i++) {
      heads.note(at(1, i), ms(i));
    }
    LogPosition head = at(1, 1_001);
    assertAge(0, at(1, 1_000), head, 1_000);
    long age = heads.ageNanos(at(1, 500), head, ms(1_000));
    assertTrue(age + " ns", age >= ms(500) && age <= ms(552));
  }

  @Test
  public void whatIsOlderThanAllNotesIsAtLeastAsOldAsThese() {
    for (int i = 1; i <= 2_000; i++) {
      heads.note(at(1, i), ms(100L * i));
    }
    LogPosition head = at(1, 5_000);
    assertAge(25_500, at(1, 1), head, 200_000);
    assertAge(1_000, at(1, 1_990), head, 200_000);
  }
}
