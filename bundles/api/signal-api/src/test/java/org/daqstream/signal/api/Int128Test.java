/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.Test;

public final class Int128Test {
  private static final BigInteger TWO = BigInteger.TWO;

  @Test
  public void halvesAreLowFirst() {
    long[] samples = new long[4];
    Int128.put(TWO.pow(64).add(BigInteger.TEN), samples, 0);
    Int128.put(BigInteger.valueOf(-2), samples, 1);
    assertArrayEquals(new long[] {10, 1, -2, -1}, samples);
    assertEquals(BigInteger.valueOf(-2), Int128.toBigInteger(-2, -1, false));
    assertEquals(TWO.pow(128).subtract(TWO), Int128.toBigInteger(-2, -1, true));
  }

  @Test
  public void extremesFitAndMoreDoesNot() {
    long[] samples = new long[2];
    BigInteger min = TWO.pow(127).negate();
    BigInteger max = TWO.pow(128).subtract(BigInteger.ONE);
    Int128.put(min, samples, 0);
    assertEquals(min, Int128.toBigInteger(samples[0], samples[1], false));
    Int128.put(max, samples, 0);
    assertEquals(max, Int128.toBigInteger(samples[0], samples[1], true));
    assertThrows(ArithmeticException.class, () -> Int128.put(max.add(BigInteger.ONE), samples, 0));
    assertThrows(
        ArithmeticException.class, () -> Int128.put(min.subtract(BigInteger.ONE), samples, 0));
  }

  @Test
  public void doubleIsTheNearestOne() {
    Random random = new Random(128);
    for (int i = 0; i < 200_000; i++) {
      long low = sparse(random);
      long high = sparse(random);
      for (boolean unsigned : new boolean[] {false, true}) {
        assertEquals(
            Int128.toBigInteger(low, high, unsigned).doubleValue(),
            Int128.toDouble(low, high, unsigned),
            0);
      }
    }
  }

  /** Numbers with few and many bits, all and none among them. */
  private static long sparse(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> 1L << random.nextInt(64);
      case 3 -> random.nextLong() & random.nextLong() << random.nextInt(64);
      default -> random.nextLong() >> random.nextInt(64);
    };
  }

  @Test
  public void doublesAreStoredRoundedTowardZero() {
    Random random = new Random(129);
    ByteBuffer buffer = ByteBuffer.allocate(16);
    for (int i = 0; i < 100_000; i++) {
      double value = random.nextGaussian() * Math.scalb(1.0, random.nextInt(124));
      assertEquals(new BigDecimal(value).toBigInteger(), stored(buffer, value, false));
      if (value >= 0) {
        assertEquals(new BigDecimal(value).toBigInteger(), stored(buffer, value, true));
      }
    }
    assertEquals(TWO.pow(127).negate(), stored(buffer, -0x1p127, false));
    assertEquals(TWO.pow(127).negate(), stored(buffer, Double.NEGATIVE_INFINITY, false));
    assertEquals(TWO.pow(127).subtract(BigInteger.ONE), stored(buffer, 1e300, false));
    assertEquals(TWO.pow(128).subtract(BigInteger.ONE), stored(buffer, 1e300, true));
    assertEquals(TWO.pow(127), stored(buffer, 0x1p127, true));
    assertEquals(BigInteger.ZERO, stored(buffer, Double.NaN, false));
  }

  private static BigInteger stored(ByteBuffer buffer, double value, boolean unsigned) {
    ElementType type = unsigned ? ElementType.UINT128 : ElementType.INT128;
    type.putDouble(buffer, 0, value);
    return Int128.toBigInteger(
        ElementType.INT64.longAt(buffer, 0), ElementType.INT64.longAt(buffer, 8), unsigned);
  }
}
