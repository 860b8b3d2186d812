/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public final class SingleSampleTest {

  private static long integer(Object array, double value, boolean unsigned64) {
    SingleSample sample = new SingleSample(array, unsigned64);
    assertTrue(sample.set(value));
    return java.lang.reflect.Array.getLong(sample.array(), 0);
  }

  @Test
  public void realIsRoundedTowardZero() {
    assertEquals(-2, integer(new byte[1], -2.9, false));
    assertEquals(300, integer(new short[1], 300.99, false));
    assertEquals(-70_000, integer(new int[1], -70_000.5, false));
    assertEquals(1L << 40, integer(new long[1], 0x1p40, false));
  }

  @Test
  public void unsignedNumbersKeepTheirBits() {
    assertEquals((byte) 200, integer(new byte[1], 200, false));
    assertEquals(3_000_000_000L - (1L << 32), integer(new int[1], 3e9, false));
    assertEquals(Long.MIN_VALUE, integer(new long[1], 0x1p63, true));
    assertEquals(-2048, integer(new long[1], 0x1p64 - 2048, true));
    assertEquals(-1, integer(new long[1], 0x1p65, true));
    assertEquals(Long.MAX_VALUE, integer(new long[1], 0x1p63, false));
    assertEquals(7, integer(new long[1], 7.5, true));
  }

  @Test
  public void integerGoesIntoEveryKind() {
    double[] reals = new double[1];
    assertTrue(new SingleSample(reals, false).set(-5L));
    assertArrayEquals(new double[] {-5}, reals, 0);
    float[] floats = new float[1];
    assertTrue(new SingleSample(floats, false).set(-5L));
    assertTrue(floats[0] == -5f);
    short[] shorts = new short[1];
    assertTrue(new SingleSample(shorts, false).set(0x12345L));
    assertEquals(0x2345, shorts[0]);
    float[] real = new float[1];
    assertTrue(new SingleSample(real, false).set(0.5));
    assertTrue(real[0] == 0.5f);
  }

  @Test
  public void otherArraysHoldNoNumbers() {
    assertFalse(new SingleSample(new char[1], false).set(1L));
    assertFalse(new SingleSample(new Object[1], false).set(1.0));
  }
}
