/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Numbers of any width, or in strings, as peers send them (protocol section 1.4). */
public final class Numbers {
  /** 2^63: the first double beyond the range of long. */
  private static final double LONG_END = 0x1p63;

  private Numbers() {}

  /** Whether a whole number has a form in MessagePack: signed or unsigned, 64 bits at most. */
  public static boolean fits64Bits(JsonNode whole) {
    if (!whole.isBigInteger()) {
      return true;
    }
    BigInteger value = whole.bigIntegerValue();
    return value.bitLength() <= (value.signum() < 0 ? Long.SIZE - 1 : Long.SIZE);
  }

  /** A whole number that fits into a long, from an integer, a float or a string; else empty. */
  static OptionalLong whole(JsonNode node) {
    if (node.isIntegralNumber()) {
      return node.canConvertToLong() ? OptionalLong.of(node.longValue()) : OptionalLong.empty();
    }
    if (node.isTextual() && node.textValue().matches("[+-]?[0-9]{1,18}")) {
      return OptionalLong.of(Long.parseLong(node.textValue()));
    }
    OptionalDouble real = real(node);
    if (real.isEmpty()) {
      return OptionalLong.empty();
    }
    double value = real.getAsDouble();
    return value == Math.rint(value) && value >= -LONG_END && value < LONG_END
        ? OptionalLong.of((long) value)
        : OptionalLong.empty();
  }

  /** A number from an integer, a float or a string; else empty. */
  static OptionalDouble real(JsonNode node) {
    if (node.isNumber()) {
      return OptionalDouble.of(node.doubleValue());
    }
    if (node.isTextual() && !node.textValue().isBlank()) {
      try {
        return OptionalDouble.of(Double.parseDouble(node.textValue()));
      } catch (NumberFormatException e) {
        return OptionalDouble.empty();
      }
    }
    return OptionalDouble.empty();
  }
}
