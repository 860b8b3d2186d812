/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.simulator.internal;

import java.util.Locale;

/** The shape of a signal. */
enum Waveform {
  /** {@code offset + amplitude * sin(2 pi phase)}. */
  SINE,
  /** Rises from {@code offset - amplitude} to {@code offset + amplitude} in one period. */
  RAMP,
  /** {@code offset + amplitude} in the first half of a period, {@code offset - amplitude} after. */
  SQUARE,
  /** Evenly spread between {@code offset - amplitude} and {@code offset + amplitude}. */
  NOISE,
  /** The number of the row, counted since the table was opened: 0, 1, 2 … */
  COUNTER;

  private static final double RADIANS_PER_CYCLE = 2 * Math.PI;

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The value of a periodic waveform with amplitude 1, -1 to 1, at a phase in cycles, 0 to less
   * than 1.
   */
  double at(double phase) {
    return switch (this) {
      case SINE -> Math.sin(RADIANS_PER_CYCLE * phase);
      case RAMP -> 2 * phase - 1;
      case SQUARE -> phase < 0.5 ? 1 : -1;
      case NOISE, COUNTER -> throw new IllegalStateException(this + " has no phase");
    };
  }

  /**
   * The noise of a row, -1 to less than 1: the same row always has the same noise. This is the
   * finaliser of the SplitMix64 generator over row and signal.
   */
  static double noise(long row, int signal) {
    long z = row * 0x9E3779B97F4A7C15L + signal * 0xD1B54A32D192ED03L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return (z >>> 11) * 0x1p-52 - 1;
  }
}
