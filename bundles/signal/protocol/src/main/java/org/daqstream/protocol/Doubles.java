/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.daqstream.signal.api.ElementType;

/**
 * Reads many numbers of one type at once: a loop of its own for each type, which the compiler makes
 * short, is some times as fast as asking the type for each number.
 */
final class Doubles {
  private Doubles() {}

  /**
   * Reads numbers as {@link ElementType#doubleAt} does. Allocates nothing.
   *
   * @param type with one number per element, or an integer of 128 bits
   * @param payload numbers from its position on; is not changed
   */
  static void read(ElementType type, ByteBuffer payload, double[] target, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, target.length);
    ByteBuffer source =
        payload.order() == ByteOrder.LITTLE_ENDIAN
            ? payload
            : payload.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int at = source.position();
    switch (type) {
      case REAL64 -> doubles(source, at, target, offset, count);
      case REAL32 -> floats(source, at, target, offset, count);
      case INT64 -> longs(source, at, target, offset, count);
      case INT32 -> ints(source, at, target, offset, count);
      case UINT32 -> unsignedInts(source, at, target, offset, count);
      case INT16 -> shorts(source, at, target, offset, count);
      case UINT16 -> unsignedShorts(source, at, target, offset, count);
      case INT8 -> bytes(source, at, target, offset, count);
      case UINT8 -> unsignedBytes(source, at, target, offset, count);
      default -> {
        for (int i = 0; i < count; i++) {
          target[offset + i] = type.doubleAt(source, at + type.bytes() * i);
        }
      }
    }
  }

  private static void doubles(ByteBuffer source, int at, double[] target, int offset, int count) {
    for (int i = 0; i < count; i++) {
      target[offset + i] = source.getDouble(at + Double.BYTES * i);
    }
  }

  private static void floats(ByteBuffer source, int at, double[] target, int offset, int count) {
    for (int i = 0; i < count; i++) {
      target[offset + i] = source.getFloat(at + Float.BYTES * i);
    }
  }

  private static void longs(ByteBuffer source, int at, double[] target, int offset, int count) {
    for (int i = 0; i < count; i++) {
      target[offset + i] = source.getLong(at + Long.BYTES * i);
    }
  }

  private static void ints(ByteBuffer source, int at, double[] target, int offset, int count) {
    for (int i = 0; i < count; i++) {
      target[offset + i] = source.getInt(at + Integer.BYTES * i);
    }
  }

  private static void unsignedInts(
      ByteBuffer source, int at, double[] target, int offset, int count) {
    for (int i = 0; i < count; i++) {
      target[offset + i] = Integer.toUnsignedLong(source.getInt(at + Integer.BYTES * i));
    }
  }

  private static void shorts(ByteBuffer source, int at, double[] target, int offset, int count) {
    for (int i = 0; i < count; i++) {
      target[offset + i] = source.getShort(at + Short.BYTES * i);
    }
  }

  private static void unsignedShorts(
      ByteBuffer source, int at, double[] target, int offset, int count) {
    for (int i = 0; i < count; i++) {
      target[offset + i] = Short.toUnsignedInt(source.getShort(at + Short.BYTES * i));
    }
  }

  private static void bytes(ByteBuffer source, int at, double[] target, int offset, int count) {
    for (int i = 0; i < count; i++) {
      target[offset + i] = source.get(at + i);
    }
  }

  private static void unsignedBytes(
      ByteBuffer source, int at, double[] target, int offset, int count) {
    for (int i = 0; i < count; i++) {
      target[offset + i] = Byte.toUnsignedInt(source.get(at + i));
    }
  }
}
