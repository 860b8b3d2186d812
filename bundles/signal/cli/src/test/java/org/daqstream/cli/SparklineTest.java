/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class SparklineTest {
  private static String of(int width, double... values) {
    Sparkline line = new Sparkline(width, true);
    for (double each : values) {
      line.add(each);
    }
    return line.text();
  }

  @Test
  public void barsGoFromTheLeastToTheGreatestOfTheLastNumbers() {
    assertEquals("", of(3));
    assertEquals("▁▂▃▄▅▆▇█", of(8, 0, 1, 2, 3, 4, 5, 6, 7));
    assertEquals("▁█▁", of(3, 100, -100, 1, 2, 1));
    assertEquals("▁▁", of(3, 5, 5));
  }

  @Test
  public void whatIsNoNumberHasNoBar() {
    assertEquals("▁ █ ", of(4, 0, Double.NaN, 1, Double.POSITIVE_INFINITY));
    assertEquals("▁█", of(4, -Double.MAX_VALUE, Double.MAX_VALUE));
  }

  @Test
  public void terminalsWithoutThemGetOtherCharacters() {
    Sparkline line = new Sparkline(2, false);
    line.add(0);
    line.add(1);
    assertEquals("_@", line.text());
  }
}
