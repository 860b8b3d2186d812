/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public final class PublishersTest {
  private long nowNanos;
  private final Publishers publishers = new Publishers(() -> nowNanos, 10_000_000_000L, 1L << 60);

  @Test
  public void whoIsHeardIsThereForAWhile() {
    assertFalse(publishers.isAlive("a"));
    assertTrue(publishers.heard("a"));
    assertFalse(publishers.heard("a"));
    nowNanos = 10_000_000_000L;
    assertTrue(publishers.isAlive("a"));
    nowNanos = 10_000_000_001L;
    assertFalse(publishers.isAlive("a"));
    assertTrue(publishers.heard("a"));
  }

  @Test
  public void strangersDoNotFillTheMemoryNorKeepOthersOutForLong() {
    publishers.heard("a");
    assertFalse(publishers.heard("x".repeat(100_000)));
    int known = 1;
    for (int i = 0; i < 100_000; i++) {
      known += publishers.heard("stranger " + i) ? 1 : 0;
    }
    assertEquals(10_000, known);
    assertTrue(publishers.isAlive("a"));
    assertFalse(publishers.heard("b"));
    nowNanos = 5_000_000_000L;
    publishers.heard("a");
    nowNanos = 10_000_000_001L;
    assertTrue(publishers.heard("b"));
    assertTrue(publishers.isAlive("a"));
  }
}
