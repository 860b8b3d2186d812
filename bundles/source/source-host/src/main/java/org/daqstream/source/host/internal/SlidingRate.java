/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

/**
 * The rate of a counter over a sliding window. The kernel advances many of its counters only every
 * 10 ms, so the difference of two neighbouring samples means nothing at 1 kHz; the rate is
 * therefore taken over 100 ms, or over the distance of two samples when that is longer.
 */
final class SlidingRate {
  /** 100 ms less the jitter of a 10 Hz sampler, whose window shall be one period and not two. */
  static final long WINDOW_NANOS = 95_000_000;

  private static final long STEP_NANOS = 9_000_000;

  /** More than {@code WINDOW_NANOS / STEP_NANOS + 2}, so the ring never overflows. */
  private static final int SLOTS = 16;

  private final long[] times = new long[SLOTS];
  private final long[] counts = new long[SLOTS];
  private int oldest;
  private int size;

  /**
   * Adds a reading of the counter; gives counts per second over the window, NaN until the window is
   * full, and again after the counter was reset.
   */
  double add(long nowNanos, long count) {
    while (size > 1 && nowNanos - times[(oldest + 1) % SLOTS] >= WINDOW_NANOS) {
      oldest = (oldest + 1) % SLOTS;
      size--;
    }
    if (size > 0 && count < counts[oldest]) {
      size = 0;
    }
    long spanNanos = size == 0 ? 0 : nowNanos - times[oldest];
    double rate =
        spanNanos < WINDOW_NANOS ? Double.NaN : 1e9 * (count - counts[oldest]) / spanNanos;
    if (size == 0 || nowNanos - times[(oldest + size - 1) % SLOTS] >= STEP_NANOS) {
      int slot = (oldest + size) % SLOTS;
      times[slot] = nowNanos;
      counts[slot] = count;
      size++;
    }
    return rate;
  }
}
