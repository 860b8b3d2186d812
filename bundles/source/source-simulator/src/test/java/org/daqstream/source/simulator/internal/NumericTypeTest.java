/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.simulator.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import org.daqstream.signal.api.Range;
import org.junit.Test;

public final class NumericTypeTest {
  @Test
  public void integersTakeTheNearestNumber() {
    assertArrayEquals(new byte[] {2, -2, 2}, bytes(NumericType.INT8, 1.6, -1.6, 2.5));
  }

  @Test
  public void integersTakeTheirEndForValuesOutside() {
    assertArrayEquals(new byte[] {127, -128}, bytes(NumericType.INT8, 1e9, -1e9));
    assertArrayEquals(new byte[] {-1, 0, (byte) 200}, bytes(NumericType.UINT8, 256, -1, 200));
    long[] signed = new long[2];
    NumericType.INT64.set(signed, 0, 1e30);
    NumericType.INT64.set(signed, 1, -1e30);
    assertArrayEquals(new long[] {Long.MAX_VALUE, Long.MIN_VALUE}, signed);
    long[] unsigned = new long[4];
    NumericType.UINT64.set(unsigned, 0, 1e30);
    NumericType.UINT64.set(unsigned, 1, -5.0);
    NumericType.UINT64.set(unsigned, 2, 0x1p63);
    NumericType.UINT64.set(unsigned, 3, 1e19);
    assertEquals("18446744073709551615", Long.toUnsignedString(unsigned[0]));
    assertEquals(0, unsigned[1]);
    assertEquals("9223372036854775808", Long.toUnsignedString(unsigned[2]));
    assertEquals("10000000000000000000", Long.toUnsignedString(unsigned[3]));
    int[] word = new int[1];
    NumericType.UINT32.set(word, 0, 4e9);
    assertEquals("4000000000", Integer.toUnsignedString(word[0]));
  }

  @Test
  public void countersWrapInNarrowIntegersAndAreRoundedInReal() {
    short[] shorts = new short[2];
    NumericType.UINT16.set(shorts, 0, 65_535L);
    NumericType.UINT16.set(shorts, 1, 65_536L);
    assertArrayEquals(new short[] {-1, 0}, shorts);
    float[] floats = new float[1];
    NumericType.REAL32.set(floats, 0, 16_777_217L);
    assertEquals(16_777_216f, floats[0], 0);
  }

  @Test
  public void theRangeIsCutToWhatTheTypeHolds() {
    assertEquals(new Range(0, 255), NumericType.UINT8.clip(-1000, 1000));
    assertEquals(new Range(-3, 4), NumericType.REAL64.clip(-3, 4));
    assertEquals(new Range(255, 255), NumericType.UINT8.clip(300, 400));
  }

  private static byte[] bytes(NumericType type, double... values) {
    byte[] samples = (byte[]) type.allocate(values.length);
    for (int i = 0; i < values.length; i++) {
      type.set(samples, i, values[i]);
    }
    return samples;
  }
}
