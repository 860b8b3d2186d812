/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

/**
 * Counts times in buckets that are 1/64 of their power of two wide, so percentiles are good to 1 %.
 * For one thread at a time.
 */
final class Histogram {
  private static final int SUB_BITS = 6;
  private static final int SUBS = 1 << SUB_BITS;

  private final long[] buckets = new long[(Long.SIZE - SUB_BITS) * SUBS];
  private long count;

  void record(long nanos) {
    buckets[index(Math.max(0, nanos))]++;
    count++;
  }

  long count() {
    return count;
  }

  /**
   * The time that a share of the counted ones does not exceed.
   *
   * @param percent 0 to 100
   * @return nanoseconds, 0 when nothing was counted
   */
  long percentile(double percent) {
    long wanted = (long) Math.ceil(count * percent / 100);
    long seen = 0;
    for (int i = 0; i < buckets.length; i++) {
      seen += buckets[i];
      if (buckets[i] > 0 && seen >= wanted) {
        return middle(i);
      }
    }
    return 0;
  }

  Percentiles percentiles() {
    return new Percentiles(percentile(50), percentile(99), percentile(99.9));
  }

  private static int index(long nanos) {
    if (nanos < SUBS) {
      return (int) nanos;
    }
    int shift = Long.SIZE - 1 - SUB_BITS - Long.numberOfLeadingZeros(nanos);
    return (shift << SUB_BITS) + (int) (nanos >>> shift);
  }

  private static long middle(int index) {
    if (index < 2 * SUBS) {
      return index;
    }
    int shift = (index >>> SUB_BITS) - 1;
    return ((SUBS + (index & (SUBS - 1L))) << shift) + ((1L << shift) >>> 1);
  }
}
