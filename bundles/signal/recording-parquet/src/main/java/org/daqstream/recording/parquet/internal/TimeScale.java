/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

/** Makes ticks of what a file has. */
interface TimeScale {
  /** Numbers that are ticks already. */
  TimeScale NONE = (values, count) -> {};

  /**
   * Changes values in place.
   *
   * @throws ArithmeticException when one is no time
   */
  void apply(long[] values, int count);

  /** Of the bits of reals that count some unit. */
  static TimeScale ofReals(boolean isDouble, long ticksPerUnit) {
    return (values, count) -> {
      for (int i = 0; i < count; i++) {
        double number =
            isDouble ? Double.longBitsToDouble(values[i]) : Float.intBitsToFloat((int) values[i]);
        double ticks = Math.rint(number * ticksPerUnit);
        if (!(Math.abs(ticks) < 0x1p63)) {
          throw new ArithmeticException(number + " is no time");
        }
        values[i] = (long) ticks;
      }
    };
  }
}
