/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import java.math.BigInteger;

/**
 * Integers of 128 bits as two {@code long}s, low half first: how {@link DataTypes#INT128} and
 * {@link DataTypes#UINT128} stand in a {@code long[]}. The methods with a {@link BigInteger}
 * allocate and are not for the writing of every sample.
 */
public final class Int128 {
  private static final BigInteger MASK_64 =
      BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);
  private static final BigInteger MASK_128 = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);
  private static final double TWO_TO_64 = 0x1p64;

  private Int128() {}

  /**
   * {@return the exact number that two halves make}
   *
   * @param low lower 64 bits
   * @param high upper 64 bits
   * @param unsigned whether the topmost bit is no sign
   */
  public static BigInteger toBigInteger(long low, long high, boolean unsigned) {
    BigInteger number =
        BigInteger.valueOf(high).shiftLeft(Long.SIZE).or(BigInteger.valueOf(low).and(MASK_64));
    return unsigned && number.signum() < 0 ? number.and(MASK_128) : number;
  }

  /**
   * Stores a number as two halves.
   *
   * @param number at least -2^127 and less than 2^128
   * @param samples array of the samples
   * @param index of the sample; its halves are at {@code 2 * index} and the place behind
   * @throws ArithmeticException when the number has more than 128 bits
   */
  public static void put(BigInteger number, long[] samples, int index) {
    if (number.bitLength() > (number.signum() < 0 ? 127 : 128)) {
      throw new ArithmeticException(number + " does not fit into 128 bits");
    }
    samples[2 * index] = number.longValue();
    samples[2 * index + 1] = number.shiftRight(Long.SIZE).longValue();
  }

  /**
   * {@return the nearest double, correctly rounded} Allocates nothing.
   *
   * @param low lower 64 bits
   * @param high upper 64 bits
   * @param unsigned whether the topmost bit is no sign
   */
  public static double toDouble(long low, long high, boolean unsigned) {
    if (!unsigned && high < 0) {
      return -magnitude(-low, low == 0 ? -high : ~high);
    }
    return magnitude(low, high);
  }

  private static double magnitude(long low, long high) {
    if (high == 0) {
      return unsignedDouble(low);
    }
    // The leading 64 bits, with a sticky one for all bits that are lost, so that rounding is right.
    int shift = Long.numberOfLeadingZeros(high);
    long top = shift == 0 ? high : high << shift | low >>> (Long.SIZE - shift);
    long sticky = low << shift == 0 ? 0 : 1;
    return Math.scalb(unsignedDouble(top | sticky), Long.SIZE - shift);
  }

  private static double unsignedDouble(long bits) {
    return bits >= 0 ? bits : 2.0 * ((bits >>> 1) | (bits & 1));
  }

  /** The lower half of a double rounded toward zero, kept within the range of 128 bits. */
  static long low(double value, boolean unsigned) {
    if (Math.abs(value) < 0x1p63 || Double.isNaN(value)) {
      return (long) value;
    }
    if (value >= (unsigned ? 0x1p128 : 0x1p127)) {
      return -1;
    }
    if (value < -0x1p127) {
      return 0;
    }
    double rest = value - Math.floor(value / TWO_TO_64) * TWO_TO_64; // exact
    return rest < 0x1p63 ? (long) rest : (long) (rest - 0x1p63) + Long.MIN_VALUE;
  }

  /** The upper half of a double rounded toward zero, kept within the range of 128 bits. */
  static long high(double value, boolean unsigned) {
    if (Math.abs(value) < 0x1p63 || Double.isNaN(value)) {
      return (long) value >> 63;
    }
    double upper = Math.floor(value / TWO_TO_64); // exact
    if (!unsigned || upper < 0x1p63) {
      return (long) upper;
    }
    return upper >= TWO_TO_64 ? -1 : (long) (upper - 0x1p63) + Long.MIN_VALUE;
  }
}
