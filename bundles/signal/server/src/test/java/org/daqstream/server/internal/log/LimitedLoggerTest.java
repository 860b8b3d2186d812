/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** A peer can neither fill the log nor forge lines of it. */
public class LimitedLoggerTest {
  private final List<String> lines = new ArrayList<>();

  @Test
  public void everythingIsCountedButLittleIsSaid() {
    final LimitedLogger log = new LimitedLogger(lines::add, 3);
    for (int i = 0; i < 1_000; i++) {
      log.say(() -> "again");
    }
    assertEquals(List.of("again", "again", "again"), lines);
    assertEquals(1_000, log.count());
  }

  @Test
  public void whatAPeerSaidTakesOneShortLine() {
    final LimitedLogger log = new LimitedLogger(lines::add, 3);
    log.say(() -> "a\nb\r\u001bc\u009b2J\u2028d");
    log.say(() -> "x".repeat(100_000));
    assertEquals("a\ufffdb\ufffd\ufffdc\ufffd2J\ufffdd", lines.get(0));
    assertEquals(501, lines.get(1).length());
  }

  @Test
  public void nothingTurnsALineOrHidesInIt() {
    assertEquals(
        "a\ufffdb\ufffdc\ufffdd\ufffde", LimitedLogger.oneLine("a\u202eb\u200fc\u061cd\ufeffe"));
  }
}
