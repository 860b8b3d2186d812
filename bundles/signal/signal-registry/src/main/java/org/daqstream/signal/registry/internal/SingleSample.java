/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

/**
 * The array of one element through which single numbers are written.
 *
 * @param array primitive array of one number
 * @param unsigned64 whether a {@code long} holds the bits of an unsigned number
 */
record SingleSample(Object array, boolean unsigned64) {
  /** Stores a number given as a {@code long} or as the bits of a {@code double}. */
  boolean set(boolean real, long bits) {
    return real ? set(Double.longBitsToDouble(bits)) : set(bits);
  }

  /** Stores the number, rounded toward zero for integers; false when the array holds no numbers. */
  boolean set(double value) {
    if (array instanceof double[] reals) {
      reals[0] = value;
    } else if (array instanceof float[] reals) {
      reals[0] = (float) value;
    } else {
      return setInteger(unsigned64 && value >= 0x1p63 ? upperHalf(value) : (long) value);
    }
    return true;
  }

  /**
   * Stores the number, its low bits for narrower integers; false when the array holds no numbers.
   */
  boolean set(long value) {
    if (array instanceof double[] reals) {
      reals[0] = value;
    } else if (array instanceof float[] reals) {
      reals[0] = value;
    } else {
      return setInteger(value);
    }
    return true;
  }

  private boolean setInteger(long value) {
    if (array instanceof int[] integers) {
      integers[0] = (int) value;
    } else if (array instanceof long[] integers) {
      integers[0] = value;
    } else if (array instanceof short[] integers) {
      integers[0] = (short) value;
    } else if (array instanceof byte[] integers) {
      integers[0] = (byte) value;
    } else {
      return false;
    }
    return true;
  }

  private static long upperHalf(double value) {
    return value >= 0x1p64 ? -1 : (long) (value - 0x1p63) + Long.MIN_VALUE;
  }
}
