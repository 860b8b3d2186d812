/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says in the log what is wrong with peers: not what was said just before, and so many lines a
 * minute, with the number that was left out, so that no peer can fill a disk. One thread says.
 */
public final class ProblemLog {
  static final int LINES_PER_MINUTE = 10;

  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Consumer<String> log;
  private final LongSupplier nanoTime;
  private long minuteBeganNanos;
  private int lines;
  private long leftOut;
  private volatile String last = "";

  /**
   * Begins its first minute.
   *
   * @param log gets the lines
   * @param nanoTime the clock
   */
  public ProblemLog(Consumer<String> log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
    this.minuteBeganNanos = nanoTime.getAsLong();
  }

  /** The last problem, said or not; empty when there was none. */
  public String last() {
    return last;
  }

  /** Says what is wrong, or counts it. */
  public void say(String problem) {
    if (problem.equals(last)) {
      return;
    }
    last = problem;
    long now = nanoTime.getAsLong();
    if (now - minuteBeganNanos >= MINUTE_NANOS) {
      minuteBeganNanos = now;
      lines = 0;
    }
    if (lines == LINES_PER_MINUTE) {
      leftOut++;
      return;
    }
    lines++;
    log.accept(leftOut > 0 ? problem + " (and " + leftOut + " more problems before)" : problem);
    leftOut = 0;
  }
}
