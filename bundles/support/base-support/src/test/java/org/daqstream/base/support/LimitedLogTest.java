/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

/** A peer can neither fill the log nor forge lines of it. */
public class LimitedLogTest {
  private final List<String> lines = new ArrayList<>();

  @Test
  public void everythingIsCountedButLittleIsSaid() {
    LimitedLog log = new LimitedLog(lines::add, 3);
    for (int i = 0; i < 1_000; i++) {
      log.say(() -> "again");
    }
    assertEquals(List.of("again", "again", "again"), lines);
    assertEquals(1_000, log.count());
  }

  @Test
  public void anotherIntervalHasLinesAgainAndTellsHowManyWereLeftOut() {
    AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5); // it may wrap around
    LimitedLog log = new LimitedLog(lines::add, 2, 100, clock::get);
    for (int i = 0; i < 7; i++) {
      log.say(() -> "first");
    }
    assertEquals(5, log.leftOut());
    clock.addAndGet(100);
    log.say(() -> "second");
    log.say(more -> "third, " + more);
    assertEquals(List.of("first", "first", "second (and 5 more)", "third, 0"), lines);
    assertEquals(0, log.leftOut());
  }

  @Test
  public void whatAPeerSaidTakesOneShortLine() {
    LimitedLog log = new LimitedLog(lines::add, 3);
    log.say(() -> "a\nb\r\u001bc\u009b2J\u2028d");
    log.say(() -> "x".repeat(100_000));
    assertEquals("a\ufffdb\ufffd\ufffdc\ufffd2J\ufffdd", lines.get(0));
    assertEquals(501, lines.get(1).length());
  }

  @Test
  public void nothingTurnsALineOrHidesInIt() {
    assertEquals(
        "a\ufffdb\ufffdc\ufffdd\ufffde", LimitedLog.oneLine("a\u202eb\u200fc\u061cd\ufeffe"));
  }
}
