/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.support;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import org.daqstream.signal.api.ElementType;

/** Puts primitive arrays of one kind into little-endian buffers, whole blocks in one copy. */
abstract class ArrayEncoder {
  /** An encoder for the arrays of a type, of its own for one writer. */
  static ArrayEncoder of(ElementType type) {
    return switch (type) {
      case INT8, UINT8 -> new Bytes();
      case INT16, UINT16 -> new Shorts();
      case INT32, UINT32 -> new Ints();
      case INT64, UINT64, INT128, UINT128 -> new Longs();
      case REAL32, COMPLEX32 -> new Floats();
      case REAL64, COMPLEX64 -> new Doubles();
    };
  }

  /** Puts numbers at the target's position and moves it behind them. */
  abstract void put(Object array, int from, int count, ByteBuffer target);

  private static void skip(ByteBuffer target, int bytes) {
    target.position(target.position() + bytes);
  }

  private static final class Bytes extends ArrayEncoder {
    @Override
    void put(Object array, int from, int count, ByteBuffer target) {
      target.put((byte[]) array, from, count);
    }
  }

  private static final class Shorts extends ArrayEncoder {
    private final TargetViews<ShortBuffer> views =
        new TargetViews<>(Short.BYTES, ByteBuffer::asShortBuffer);

    @Override
    void put(Object array, int from, int count, ByteBuffer target) {
      short[] numbers = (short[]) array;
      ShortBuffer view = views.viewFor(target, count);
      if (view == null) {
        for (int i = from; i < from + count; i++) {
          target.putShort(numbers[i]);
        }
      } else {
        view.put(target.position() / Short.BYTES, numbers, from, count);
        skip(target, count * Short.BYTES);
      }
    }
  }

  private static final class Ints extends ArrayEncoder {
    private final TargetViews<IntBuffer> views =
        new TargetViews<>(Integer.BYTES, ByteBuffer::asIntBuffer);

    @Override
    void put(Object array, int from, int count, ByteBuffer target) {
      int[] numbers = (int[]) array;
      IntBuffer view = views.viewFor(target, count);
      if (view == null) {
        for (int i = from; i < from + count; i++) {
          target.putInt(numbers[i]);
        }
      } else {
        view.put(target.position() / Integer.BYTES, numbers, from, count);
        skip(target, count * Integer.BYTES);
      }
    }
  }

  private static final class Longs extends ArrayEncoder {
    private final TargetViews<LongBuffer> views =
        new TargetViews<>(Long.BYTES, ByteBuffer::asLongBuffer);

    @Override
    void put(Object array, int from, int count, ByteBuffer target) {
      long[] numbers = (long[]) array;
      LongBuffer view = views.viewFor(target, count);
      if (view == null) {
        for (int i = from; i < from + count; i++) {
          target.putLong(numbers[i]);
        }
      } else {
        view.put(target.position() / Long.BYTES, numbers, from, count);
        skip(target, count * Long.BYTES);
      }
    }
  }

  private static final class Floats extends ArrayEncoder {
    private final TargetViews<FloatBuffer> views =
        new TargetViews<>(Float.BYTES, ByteBuffer::asFloatBuffer);

    @Override
    void put(Object array, int from, int count, ByteBuffer target) {
      float[] numbers = (float[]) array;
      FloatBuffer view = views.viewFor(target, count);
      if (view == null) {
        for (int i = from; i < from + count; i++) {
          target.putFloat(numbers[i]);
        }
      } else {
        view.put(target.position() / Float.BYTES, numbers, from, count);
        skip(target, count * Float.BYTES);
      }
    }
  }

  private static final class Doubles extends ArrayEncoder {
    private final TargetViews<DoubleBuffer> views =
        new TargetViews<>(Double.BYTES, ByteBuffer::asDoubleBuffer);

    @Override
    void put(Object array, int from, int count, ByteBuffer target) {
      double[] numbers = (double[]) array;
      DoubleBuffer view = views.viewFor(target, count);
      if (view == null) {
        for (int i = from; i < from + count; i++) {
          target.putDouble(numbers[i]);
        }
      } else {
        view.put(target.position() / Double.BYTES, numbers, from, count);
        skip(target, count * Double.BYTES);
      }
    }
  }
}
