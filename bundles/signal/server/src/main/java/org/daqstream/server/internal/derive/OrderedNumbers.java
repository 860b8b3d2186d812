/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.derive;

import java.nio.ByteBuffer;
import org.daqstream.signal.api.ElementType;

/**
 * Reads numbers of one type as bits, and as keys that are ordered as the numbers are; exact for all
 * types of up to 64 bits, little endian.
 */
final class OrderedNumbers {
  private static final int FLOAT_INFINITY = 0x7F800000;
  private static final long DOUBLE_INFINITY = 0x7FF0000000000000L;

  private final ElementType type;
  private final int bytes;

  OrderedNumbers(ElementType type) {
    this.type = type;
    this.bytes = type.bytes();
  }

  int bytes() {
    return bytes;
  }

  /** The bits of a number in a little-endian buffer. */
  long bits(ByteBuffer buffer, int at) {
    return switch (bytes) {
      case Byte.BYTES -> buffer.get(at);
      case Short.BYTES -> buffer.getShort(at);
      case Integer.BYTES -> buffer.getInt(at);
      default -> buffer.getLong(at);
    };
  }

  /** Puts a number in a little-endian buffer. */
  void put(ByteBuffer buffer, long bits) {
    switch (bytes) {
      case Byte.BYTES -> buffer.put((byte) bits);
      case Short.BYTES -> buffer.putShort((short) bits);
      case Integer.BYTES -> buffer.putInt((int) bits);
      default -> buffer.putLong(bits);
    }
  }

  /** Whether the bits are no number. */
  boolean isNone(long bits) {
    return switch (type) {
      case REAL32 -> ((int) bits & Integer.MAX_VALUE) > FLOAT_INFINITY;
      case REAL64 -> (bits & Long.MAX_VALUE) > DOUBLE_INFINITY;
      default -> false;
    };
  }

  /** A key for comparing numbers of the type. */
  long key(long bits) {
    return switch (type) {
      case UINT8 -> bits & 0xFF;
      case UINT16 -> bits & 0xFFFF;
      case UINT32 -> bits & 0xFFFF_FFFFL;
      case UINT64 -> bits ^ Long.MIN_VALUE;
      case REAL32, REAL64 -> bits ^ (bits >> 63 & Long.MAX_VALUE); // sign and magnitude
      default -> bits;
    };
  }
}
