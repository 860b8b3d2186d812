/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** Peers cannot fill a disk. */
public class ProblemLogTest {
  private final List<String> lines = new ArrayList<>();
  private final ProblemLog log = new ProblemLog(lines::add);

  @Test
  public void onlySoManyProblemsHaveALineInAMinute() {
    for (int i = 0; i < 1_000; i++) {
      log.say("peer " + i + " left");
    }
    assertEquals(10, lines.size());
    assertEquals("peer 999 left", log.last());
  }

  @Test
  public void whatWasSaidJustBeforeIsNotSaidAgain() {
    for (String problem : List.of("a", "a", "b", "a")) {
      log.say(problem);
    }
    assertEquals(List.of("a", "b", "a"), lines);
  }

  @Test
  public void whatAPeerSaidCannotSteerATerminal() {
    log.say("a\u001b[2J\u202eb\n");
    assertEquals(List.of("a\ufffd[2J\ufffdb\ufffd"), lines);
  }

  @Test
  public void whatComesBackIsSaidAgain() {
    log.say("a");
    log.clear();
    assertEquals("", log.last());
    log.say("a");
    assertEquals(List.of("a", "a"), lines);
  }
}
