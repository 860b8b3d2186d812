/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.daqstream.base.support.ForeignText;

/** Counts an event and has a logger say so, but only so often in a minute; any thread. */
public final class LimitedLogger {
  private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int CHARS_MAX = 500;

  private final Consumer<String> logger;
  private final int linesPerMinute;
  private final LongAdder count = new LongAdder();
  private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());
  private final AtomicInteger lines = new AtomicInteger();
  private final AtomicLong leftOut = new AtomicLong();

  public LimitedLogger(Consumer<String> logger, int linesPerMinute) {
    this.logger = logger;
    this.linesPerMinute = linesPerMinute;
  }

  public void say(Supplier<String> message) {
    count.increment();
    final long now = System.nanoTime();
    final long next = nextNanos.get();
    if (now - next >= 0 && nextNanos.compareAndSet(next, now + INTERVAL_NANOS)) {
      lines.set(0);
    }
    if (lines.get() >= linesPerMinute || lines.incrementAndGet() > linesPerMinute) {
      leftOut.incrementAndGet();
      return;
    }
    final long more = leftOut.getAndSet(0);
    final String text = oneLine(message.get());
    logger.accept(more > 0 ? text + " (and " + more + " more)" : text);
  }

  /** What may hold a peer's own words, made fit for a line: short, and without line breaks. */
  public static String oneLine(String text) {
    return ForeignText.plain(text, CHARS_MAX);
  }

  public long count() {
    return count.sum();
  }
}
