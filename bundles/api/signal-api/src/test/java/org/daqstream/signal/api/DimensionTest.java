/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.Test;

public final class DimensionTest {
  @Test
  public void elementsStandForTheValuesOfTheirRule() {
    assertEquals(12.5, new Dimension.Linear("f", 10, 0.5, 8, Unit.HERTZ).valueAt(5));
    assertEquals(1000.0, new Dimension.Log("f", 1, 1, 10, 4, Unit.HERTZ).valueAt(2));
    assertEquals("y", new Dimension.Values("a", List.of("x", "y"), Unit.NONE).valueAt(1));
  }

  @Test
  public void elementsOutsideAreRefused() {
    for (Dimension dimension :
        List.of(
            new Dimension.Linear("f", 10, 0.5, 2, Unit.HERTZ),
            new Dimension.Log("f", 1, 1, 10, 2, Unit.HERTZ),
            new Dimension.Values("a", List.of("x", "y"), Unit.NONE))) {
      assertThrows(IndexOutOfBoundsException.class, () -> dimension.valueAt(2));
      assertThrows(IndexOutOfBoundsException.class, () -> dimension.valueAt(-1));
    }
  }
}
