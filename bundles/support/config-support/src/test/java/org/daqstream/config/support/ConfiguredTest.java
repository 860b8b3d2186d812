/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.config.support;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.daqstream.testing.LogLines;
import org.junit.Before;
import org.junit.Test;
import org.slf4j.LoggerFactory;

/** One line for each refusal and each key that is not known; what worked before stays. */
public class ConfiguredTest {
  private final List<Integer> applied = new ArrayList<>();
  private Configured<Integer> configured;

  @Before
  public void begin() {
    LogLines.clear();
    configured =
        new Configured<>(
            ValuesTest.Config.class,
            "org.example",
            "nothing works",
            LoggerFactory.getLogger(ConfiguredTest.class),
            values -> values.integer("port"));
  }

  private boolean take(Map<String, ?> properties) {
    return configured.take(properties, applied::add);
  }

  @Test
  public void aRefusedConfigurationIsSaidInOneLineAndTheOldOneStays() {
    assertFalse(take(Map.of("port", "x")));
    assertTrue(take(Map.of("port", "1 ")));
    assertFalse(take(Map.of("port", "y", "service.pid", "org.example~b")));
    assertEquals(List.of(1), applied);
    assertEquals(1, configured.settings().orElseThrow().intValue());
    String allowed = "must be a whole number from 0 to 65535";
    assertEquals(
        List.of(
            "ERROR org.example: key port = 'x' " + allowed + "; nothing works",
            "ERROR org.example~b: key port = 'y' " + allowed + "; the old configuration stays"),
        LogLines.all());
  }

  @Test
  public void whatCannotBeAppliedIsRefusedToo() {
    assertFalse(
        configured.take(
            Map.of(),
            port -> {
              throw new IllegalStateException("taken");
            }));
    assertTrue(configured.settings().isEmpty());
    assertEquals(
        List.of("ERROR org.example: java.lang.IllegalStateException: taken; nothing works"),
        LogLines.all());
  }

  @Test
  public void aKeyThatIsNotKnownIsSaidOnceAndNotAgainUntilItChanges() {
    String line = "WARN org.example: key 'prot' is not known; did you mean 'port'?";
    assertTrue(take(Map.of("prot", 1)));
    assertTrue(take(Map.of("prot", 1, "port", 5)));
    assertEquals(List.of(line), LogLines.all());
    assertTrue(take(Map.of("port", 5)));
    assertTrue(take(Map.of("prot", 1)));
    assertEquals(List.of(line, line), LogLines.all());
  }

  @Test
  public void noKeyCanTurnALineRound() {
    assertTrue(take(Map.of("prot\u202e", 1)));
    assertEquals(
        List.of("WARN org.example: key 'prot\ufffd' is not known; did you mean 'port'?"),
        LogLines.all());
  }

  @Test
  public void aFileThatCannotBeReadIsNotTheDefaults() {
    assertFalse(take(Map.of(Values.UNREADABLE, true)));
    assertEquals(List.of(), applied);
    assertEquals("said by who read it", List.of(), LogLines.all());
  }
}
