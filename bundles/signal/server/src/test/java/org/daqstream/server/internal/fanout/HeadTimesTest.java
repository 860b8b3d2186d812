/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.junit.Assert.assertEquals;

import org.daqstream.server.internal.log.LogPosition;
import org.junit.Test;

/** The age of what lies in the log, also where nothing came for long. */
public class HeadTimesTest {
  private final HeadTimes heads = new HeadTimes();

  private static LogPosition at(long sequence, int index) {
    LogPosition position = new LogPosition();
    position.sequence = sequence;
    position.index = index;
    return position;
  }

  @Test
  public void ageCountsFromWhenTheHeadWasLastThere() {
    heads.note(at(1, 0), 100);
    heads.note(at(1, 0), 200); // nothing came
    heads.note(at(1, 10), 300);
    heads.note(at(2, 5), 400);
    LogPosition head = at(2, 7);
    assertEquals(0, heads.ageNanos(head, head, 1_000));
    assertEquals(600, heads.ageNanos(at(2, 5), head, 1_000));
    assertEquals("between two notes", 700, heads.ageNanos(at(2, 4), head, 1_000));
    assertEquals(700, heads.ageNanos(at(1, 10), head, 1_000));
    assertEquals(800, heads.ageNanos(at(1, 9), head, 1_000));
    assertEquals(800, heads.ageNanos(at(1, 0), head, 1_000));
  }

  @Test
  public void whatIsOlderThanAllNotesIsAtLeastAsOldAsThese() {
    LogPosition head = at(1, 5_000);
    assertEquals("no note", 0, heads.ageNanos(at(1, 0), head, 1_000));
    for (int i = 1; i <= 2_000; i++) {
      heads.note(at(1, i), i);
    }
    assertEquals(10_000 - 1_745, heads.ageNanos(at(1, 1), head, 10_000));
    assertEquals(10_000 - 1_990, heads.ageNanos(at(1, 1_990), head, 10_000));
  }
}
