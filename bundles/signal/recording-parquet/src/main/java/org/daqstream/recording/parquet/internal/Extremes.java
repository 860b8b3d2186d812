/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.parquet.format.Statistics;

/** The least and the greatest of numbers as they are stored. */
final class Extremes {
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);
  private static final VarHandle FLOAT = view(float[].class);
  private static final VarHandle DOUBLE = view(double[].class);

  private Extremes() {}

  private static VarHandle view(Class<?> arrayType) {
    return MethodHandles.byteArrayViewVarHandle(arrayType, ByteOrder.LITTLE_ENDIAN);
  }

  /** Sets them, unless one of the numbers is none: readers would skip it. */
  static void put(Statistics statistics, Leaf leaf, byte[] array, int from, int to) {
    switch (leaf.type()) {
      case INT32 -> ints(statistics, array, from, to, leaf.isUnsigned() ? Integer.MIN_VALUE : 0);
      case INT64 -> longs(statistics, array, from, to, leaf.isUnsigned() ? Long.MIN_VALUE : 0);
      case FLOAT -> floats(statistics, array, from, to);
      case DOUBLE -> doubles(statistics, array, from, to);
      default -> {} // bytes are compared by nobody
    }
  }

  /** The flip of the sign makes unsigned numbers comparable as signed ones. */
  private static void ints(Statistics statistics, byte[] array, int from, int to, int flip) {
    int low = Integer.MAX_VALUE;
    int high = Integer.MIN_VALUE;
    for (int at = from; at < to; at += Integer.BYTES) {
      int value = (int) INT.get(array, at) ^ flip;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    set(statistics, fourBytes(low ^ flip), fourBytes(high ^ flip));
  }

  private static void longs(Statistics statistics, byte[] array, int from, int to, long flip) {
    long low = Long.MAX_VALUE;
    long high = Long.MIN_VALUE;
    for (int at = from; at < to; at += Long.BYTES) {
      long value = (long) LONG.get(array, at) ^ flip;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    set(statistics, eightBytes(low ^ flip), eightBytes(high ^ flip));
  }

  private static void floats(Statistics statistics, byte[] array, int from, int to) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (int at = from; at < to; at += Float.BYTES) {
      float value = (float) FLOAT.get(array, at);
      if (Float.isNaN(value)) {
        return;
      }
      low = value < low ? value : low;
      high = value > high ? value : high;
    }
    // Zero has two signs, and either may be there.
    set(
        statistics,
        fourBytes(Float.floatToRawIntBits(low == 0 ? -0.0f : low)),
        fourBytes(Float.floatToRawIntBits(high == 0 ? 0.0f : high)));
  }

  private static void doubles(Statistics statistics, byte[] array, int from, int to) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int at = from; at < to; at += Double.BYTES) {
      double value = (double) DOUBLE.get(array, at);
      if (Double.isNaN(value)) {
        return;
      }
      low = value < low ? value : low;
      high = value > high ? value : high;
    }
    set(
        statistics,
        eightBytes(Double.doubleToRawLongBits(low == 0 ? -0.0 : low)),
        eightBytes(Double.doubleToRawLongBits(high == 0 ? 0.0 : high)));
  }

  private static void set(Statistics statistics, byte[] low, byte[] high) {
    statistics.setMin_value(low);
    statistics.setMax_value(high);
  }

  private static byte[] fourBytes(int value) {
    byte[] bytes = new byte[Integer.BYTES];
    INT.set(bytes, 0, value);
    return bytes;
  }

  private static byte[] eightBytes(long value) {
    byte[] bytes = new byte[Long.BYTES];
    LONG.set(bytes, 0, value);
    return bytes;
  }
}
