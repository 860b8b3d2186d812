/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.Map;
import org.daqstream.stream.api.spi.ParameterProblem;
import org.junit.Test;

public class ParameterReaderTest {

  @Test
  public void portIsADecimalString() { // cases 36, 37
    for (String port :
        new String[] {"65536", "-1", "5555a", "80 ", "0x15B3", "", "+5555", " 5555"}) {
      ParameterReader reader = new ParameterReader(Map.of("port", port));
      reader.port("port", 0);
      assertEquals(port, 1, reader.problems().size());
      ParameterProblem problem = reader.problems().get(0);
      assertEquals("port", problem.key());
      assertEquals(port, problem.value());
      assertTrue(problem.fatal());
    }
    assertEquals(0, new ParameterReader(Map.of("port", "0")).port("port", 0));
    assertEquals(65535, new ParameterReader(Map.of("port", "65535")).port("port", 0));
    assertEquals(7, new ParameterReader(Map.of("port", "007")).port("port", 0));
  }

  @Test
  public void portAsNumberIsTakenWithAWarning() { // case 35
    ParameterReader reader = new ParameterReader(Map.of("port", 5555L));
    assertEquals(5555, reader.port("port", 0));
    assertFalse(reader.problems().get(0).fatal());
  }

  @Test
  public void portBelowTheLowestIsRefused() {
    ParameterReader reader = new ParameterReader(Map.of("port", "0"));
    reader.port("port", 1);
    assertTrue(reader.problems().get(0).fatal());
  }

  @Test
  public void missingKeysAreNamed() {
    ParameterReader reader = new ParameterReader(Map.of());
    reader.text("hostname");
    reader.choice("domain", "IPv4", "IPv6");
    assertEquals("hostname", reader.problems().get(0).key());
    assertEquals("domain", reader.problems().get(1).key());
    assertEquals("must be IPv4 or IPv6", reader.problems().get(1).message());
  }

  @Test
  public void optionalNumberKeepsItsBounds() {
    ParameterReader reader = new ParameterReader(Map.of("a", 5L, "b", "6", "c", 11L, "d", true));
    assertEquals(5, reader.number("a", 1, 0, 10));
    assertEquals(6, reader.number("b", 1, 0, 10));
    assertEquals(1, reader.number("missing", 1, 0, 10));
    assertTrue(reader.problems().isEmpty());
    reader.number("c", 1, 0, 10);
    reader.number("d", 1, 0, 10);
    assertEquals(2, reader.problems().size());
  }
}
