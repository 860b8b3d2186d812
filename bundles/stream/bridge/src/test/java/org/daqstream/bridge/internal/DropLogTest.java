/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

public class DropLogTest {

  @Test
  public void speaksAtOnceAndThenEveryTenSeconds() {
    AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5); // it may wrap around
    List<String> lines = new ArrayList<>();
    DropLog log = new DropLog("test", lines::add, nanoTime::get);
    log.drop("first");
    log.drop("second");
    nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(10) - 1);
    log.drop("third");
    assertEquals(1, lines.size());
    nanoTime.incrementAndGet();
    log.drop("fourth");
    assertEquals("test: 4 dropped so far, the last one because fourth", lines.get(1));
    log.close();
    assertEquals(2, lines.size());
    log.drop("fifth");
    log.close();
    assertEquals("test: 5 dropped in all", lines.get(2));
  }
}
