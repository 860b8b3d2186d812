/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

/**
 * The length of one tick of a domain signal, as a fraction of its unit: {@code num / denom}.
 *
 * @param num numerator, greater than zero
 * @param denom denominator, greater than zero
 */
public record Resolution(long num, long denom) {
  /** One tick is a nanosecond (the unit being the second). */
  public static final Resolution NANOSECONDS = new Resolution(1, 1_000_000_000L);

  /** Refuses a tick without length. */
  public Resolution {
    if (num <= 0 || denom <= 0) {
      throw new IllegalArgumentException(
          "resolution: num and denom must be > 0, not " + num + "/" + denom);
    }
  }
}
