/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

/** Peers cannot fill a disk. */
public class ProblemLogTest {
  private final AtomicLong clock = new AtomicLong();
  private final List<String> lines = new ArrayList<>();
  private final ProblemLog log = new ProblemLog(lines::add, clock::get);

  @Test
  public void onlySoManyProblemsHaveALineInAMinuteAndTheOthersAreCounted() {
    for (int i = 0; i < 1_000; i++) {
      log.say("peer " + i + " left");
    }
    assertEquals(ProblemLog.LINES_PER_MINUTE, lines.size());
    clock.addAndGet(TimeUnit.SECONDS.toNanos(60));
    log.say("again");
    log.say("and again");
    assertEquals(
        List.of("again (and 990 more problems before)", "and again"),
        lines.subList(ProblemLog.LINES_PER_MINUTE, lines.size()));
  }
}
