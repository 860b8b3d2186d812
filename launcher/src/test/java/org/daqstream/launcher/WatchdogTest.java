/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public class WatchdogTest {
  private final List<String> stuck = new ArrayList<>();
  private int well;
  private final Watchdog watchdog = new Watchdog(List::of, () -> well++, stuck::add);

  private static Watchdog.Server server(String name) {
    return new Watchdog.Server(name, "server " + name, () -> false);
  }

  @Test
  public void silenceOfHalfAMinuteIsTheEnd() {
    for (int i = 0; i < 5; i++) {
      watchdog.took(5_000, List.of(server("a")));
    }
    assertEquals(List.of(), stuck);
    watchdog.took(5_000, List.of(server("a"), server("b")));
    assertEquals(List.of("server a"), stuck);
    assertEquals("nobody says that all is well", 0, well);
  }

  @Test
  public void anAnswerInBetweenCounts() {
    for (int i = 0; i < 20; i++) {
      watchdog.took(5_000, List.of(server("a"), server("b")));
      watchdog.took(5_000, i % 2 == 0 ? List.of(server("b")) : List.of(server("a")));
      watchdog.took(5_000, List.of());
    }
    assertEquals(List.of(), stuck);
    assertEquals(20, well);
  }

  @Test
  public void aProcessThatWasHaltedIsNotBlamed() {
    watchdog.took(3_600_000, List.of(server("a")));
    watchdog.took(5_000, List.of(server("a")));
    assertEquals(List.of(), stuck);
  }
}
