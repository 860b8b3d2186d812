/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.simulator.internal;

import java.util.Locale;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Range;

/** A numeric data type and how numbers get into its sample arrays. */
enum NumericType {
  INT8(-0x1p7, 0x1p7 - 1),
  UINT8(0, 0x1p8 - 1),
  INT16(-0x1p15, 0x1p15 - 1),
  UINT16(0, 0x1p16 - 1),
  INT32(-0x1p31, 0x1p31 - 1),
  UINT32(0, 0x1p32 - 1),
  INT64(-0x1p63, 0x1p63),
  UINT64(0, 0x1p64),
  REAL32(-Float.MAX_VALUE, Float.MAX_VALUE),
  REAL64(-Double.MAX_VALUE, Double.MAX_VALUE);

  private final double low;
  private final double high;

  NumericType(double low, double high) {
    this.low = low;
    this.high = high;
  }

  String dataType() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What values between {@code from} and {@code to} become in this type. */
  Range clip(double from, double to) {
    return new Range(Math.min(Math.max(from, low), high), Math.min(Math.max(to, low), high));
  }

  boolean isInteger() {
    return this != REAL32 && this != REAL64;
  }

  /** The greatest number, rounded to a double for the 64-bit types. */
  double high() {
    return high;
  }

  double low() {
    return low;
  }

  Object allocate(int count) {
    return ElementType.valueOf(name()).newArray(count);
  }

  /**
   * Stores a finite value in an array of {@link #allocate}: integers take the nearest number, and
   * their end when it lies outside.
   */
  void set(Object samples, int i, double value) {
    switch (this) {
      case REAL64 -> ((double[]) samples)[i] = value;
      case REAL32 -> ((float[]) samples)[i] = (float) value;
      case UINT64 -> ((long[]) samples)[i] = nearestUnsigned(value);
      case INT64 -> ((long[]) samples)[i] = (long) Math.rint(value);
      default -> set(samples, i, (long) Math.rint(Math.min(Math.max(value, low), high)));
    }
  }

  private static long nearestUnsigned(double value) {
    if (value >= 0x1p64) {
      return -1;
    }
    return value >= 0x1p63
        ? (long) (value - 0x1p63) + Long.MIN_VALUE
        : (long) Math.rint(Math.max(value, 0));
  }

  /** Stores one value: narrower integers keep its low bits, real types the nearest number. */
  void set(Object samples, int i, long value) {
    switch (this) {
      case INT8, UINT8 -> ((byte[]) samples)[i] = (byte) value;
      case INT16, UINT16 -> ((short[]) samples)[i] = (short) value;
      case INT32, UINT32 -> ((int[]) samples)[i] = (int) value;
      case INT64, UINT64 -> ((long[]) samples)[i] = value;
      case REAL32 -> ((float[]) samples)[i] = (float) value;
      case REAL64 -> ((double[]) samples)[i] = (double) value;
    }
  }
}
