/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

public class DropLogTest {

  @Test
  public void speaksAtOnceAndThenEveryTenSeconds() {
    AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5); // it may wrap around
    DropLog log = new DropLog("test", nanoTime::get);
    assertTrue(log.drop("first"));
    assertFalse(log.drop("second"));
    nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(10) - 1);
    assertFalse(log.drop("third"));
    nanoTime.incrementAndGet();
    assertTrue(log.drop("fourth"));
    assertEquals(4, log.dropped());
  }
}
