/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.LimitedLog;

/**
 * Notices that the wall clock was set, by a clock that cannot be. Slow corrections are followed
 * without a word, steps are told. Used by one thread.
 */
final class WallClockWatch {
  static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Between two readings that lie further apart a thread was not run: they tell nothing. */
  static final long READING_LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final double NANOS_PER_SECOND = 1e9;

  private final LimitedLog log;
  private boolean started;
  private long distanceNanos;
  private int untoldSteps;
  private long untoldNanos;

  /** The log is told, as often as it lets. */
  WallClockWatch(LimitedLog log) {
    this.log = log;
  }

  /**
   * Whether the wall clock made a step since the last call; the steady clock is read before and
   * after it.
   */
  boolean hasStepped(long beforeNanos, long wallNanos, long afterNanos) {
    boolean stepped = false;
    if (afterNanos - beforeNanos <= READING_LIMIT_NANOS) {
      long stepNanos = wallNanos - beforeNanos - distanceNanos;
      distanceNanos += stepNanos;
      stepped = started && Math.abs(stepNanos) > STEP_NANOS;
      started = true;
      if (stepped) {
        untoldSteps++;
        untoldNanos += stepNanos;
      }
    }
    if (untoldSteps > 0) {
      log.say(more -> report());
    }
    return stepped;
  }

  private String report() {
    String report =
        String.format(
            Locale.ROOT,
            "the wall clock was set %s by %.3f s%s: the times of this host's signals go with it,"
                + " those of simulators, files and bridges only when they start again",
            untoldNanos < 0 ? "back" : "forth",
            Math.abs(untoldNanos) / NANOS_PER_SECOND,
            untoldSteps == 1 ? "" : " in " + untoldSteps + " steps");
    untoldSteps = 0;
    untoldNanos = 0;
    return report;
  }
}
