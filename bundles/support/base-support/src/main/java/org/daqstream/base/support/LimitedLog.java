/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Counts an event and has a logger say so, but only so often in an interval, so that nobody can
 * fill a disk; any thread. Allocates nothing for what is left out.
 */
public final class LimitedLog {
  private static final int CHARS_MAX = 500;

  private final Consumer<String> logger;
  private final int limitLines;
  private final long intervalNanos;
  private final LongSupplier nanoTime;
  private final LongAdder count = new LongAdder();
  private final AtomicLong nextNanos;
  private final AtomicInteger lines = new AtomicInteger();
  private final AtomicLong leftOut = new AtomicLong();

  /** With so many lines in a minute. */
  public LimitedLog(Consumer<String> logger, int linesPerMinute) {
    this(logger, linesPerMinute, TimeUnit.MINUTES.toNanos(1), System::nanoTime);
  }

  /** With so many lines in an interval of a clock. */
  public LimitedLog(
      Consumer<String> logger, int limitLines, long intervalNanos, LongSupplier nanoTime) {
    this.logger = logger;
    this.limitLines = limitLines;
    this.intervalNanos = intervalNanos;
    this.nanoTime = nanoTime;
    nextNanos = new AtomicLong(nanoTime.getAsLong());
  }

  /** Says it in one short line, and how many were left out before. */
  public void say(Supplier<String> message) {
    long more = take();
    if (more >= 0) {
      String text = oneLine(message.get());
      logger.accept(more > 0 ? text + " (and " + more + " more)" : text);
    }
  }

  /** Says it as it is; the message is told how many were left out before. */
  public void say(LongFunction<String> message) {
    long more = take();
    if (more >= 0) {
      logger.accept(message.apply(more));
    }
  }

  /** How many were left out since the last line; -1 when there is to be none now. */
  private long take() {
    count.increment();
    long now = nanoTime.getAsLong();
    long next = nextNanos.get();
    if (now - next >= 0 && nextNanos.compareAndSet(next, now + intervalNanos)) {
      lines.set(0);
    }
    if (lines.get() >= limitLines || lines.incrementAndGet() > limitLines) {
      leftOut.incrementAndGet();
      return -1;
    }
    return leftOut.getAndSet(0);
  }

  /** What may hold a peer's own words, made fit for a line: short, and without line breaks. */
  public static String oneLine(String text) {
    return ForeignText.plain(text, CHARS_MAX);
  }

  /** All events. */
  public long count() {
    return count.sum();
  }

  /** Those that no line has told of. */
  public long leftOut() {
    return leftOut.get();
  }
}
