/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.junit.Test;

public final class LineSamplesTest {
  private static final List<ElementType> TYPES =
      Arrays.stream(ElementType.values()).filter(type -> type.slots() == 1).toList();

  private final Random random = new Random(3);

  private static LineSamples line(ElementType type, double delta) {
    return LineSamples.of(
        SignalDescriptor.value("v", type.dataType()).rule(new Rule.LinearValue(delta)).build());
  }

  /** An array or buffer of one sample behind some that nobody may read. */
  private static Object given(ElementType type, int offset, ByteBuffer start, boolean asBuffer) {
    ByteBuffer samples = ByteBuffer.allocate((offset + 1) * type.bytes());
    samples.put(offset * type.bytes(), start, 0, type.bytes());
    if (asBuffer) {
      return ByteBuffer.allocate(3 + samples.capacity()).position(3).put(samples).position(3);
    }
    Object array = type.newArray(offset + 1);
    if (array instanceof double[] reals) {
      reals[offset] = type.doubleAt(samples, offset * type.bytes());
    } else if (array instanceof float[] reals) {
      reals[offset] = (float) type.doubleAt(samples, offset * type.bytes());
    } else {
      SingleSample single = new SingleSample(type.newArray(1), false);
      single.set(type.longAt(samples, offset * type.bytes()));
      System.arraycopy(single.array(), 0, array, offset, 1);
    }
    return array;
  }

  @Test
  public void integersOfEveryTypeAreExactAndGoOnAtTheOtherEnd() {
    for (ElementType type : TYPES) {
      if (type.isReal()) {
        continue;
      }
      for (int round = 0; round < 50; round++) {
        long delta = random.nextLong() >> (11 + random.nextInt(52));
        int offset = random.nextInt(4);
        int count = 1 + random.nextInt(20);
        ByteBuffer start = ByteBuffer.allocate(8);
        type.putLong(start, 0, random.nextLong());
        Object given = given(type, offset, start, random.nextBoolean());
        Object samples = line(type, (double) delta).expand(given, offset, count);
        BigInteger mask = BigInteger.ONE.shiftLeft(8 * type.bytes()).subtract(BigInteger.ONE);
        for (int i = 0; i < count; i++) {
          BigInteger expected =
              BigInteger.valueOf(delta)
                  .multiply(BigInteger.valueOf(i))
                  .add(BigInteger.valueOf(type.longAt(start, 0)));
          BigInteger got =
              BigInteger.valueOf(((Number) Array.get(samples, offset + i)).longValue());
          assertEquals(type + " " + delta, expected.and(mask), got.and(mask));
        }
      }
    }
  }

  @Test
  public void realsDoNotAddUpErrors() {
    for (ElementType type : List.of(ElementType.REAL32, ElementType.REAL64)) {
      double ulps = type == ElementType.REAL32 ? 0x1p-23 : 0x1p-51;
      for (int round = 0; round < 20; round++) {
        double delta = random.nextGaussian();
        ByteBuffer start = ByteBuffer.allocate(8);
        type.putDouble(start, 0, random.nextGaussian());
        int count = 10_000;
        Object samples =
            line(type, delta).expand(given(type, 1, start, random.nextBoolean()), 1, count);
        for (int i = 0; i < count; i += 99) {
          double exact =
              new BigDecimal(delta)
                  .multiply(new BigDecimal(i))
                  .add(new BigDecimal(type.doubleAt(start, 0)), MathContext.UNLIMITED)
                  .doubleValue();
          double scale = Math.abs(delta * i) + Math.abs(type.doubleAt(start, 0));
          assertEquals(exact, Array.getDouble(samples, 1 + i), scale * ulps);
        }
      }
    }
  }

  @Test
  public void arrayOfTheLargestBlockIsUsedAgain() {
    LineSamples line = line(ElementType.REAL64, 1);
    Object first = line.expand(new double[] {1}, 0, 100);
    assertSame(first, line.expand(new double[] {2}, 0, 7));
  }

  @Test
  public void onlyTheFirstSampleIsNeededAndLengthIsBounded() {
    LineSamples line = line(ElementType.INT8, 1);
    assertEquals(0, line.given(0));
    assertEquals(1, line.given(LineSamples.LIMIT_SAMPLES));
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> line.given(LineSamples.LIMIT_SAMPLES + 1))
            .getMessage();
    assertEquals(
        "signal v: block of 4194305 samples is longer than the 4194304 of rule LinearValue: write"
            + " smaller blocks",
        message);
  }

  @Test
  public void otherRulesHaveNoLine() {
    assertNull(LineSamples.of(SignalDescriptor.value("v", "real64").build()));
  }
}
