/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.sample.support;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.daqstream.base.support.ForeignText;
import org.daqstream.sample.support.SampleDecoder.Bits;
import org.daqstream.sample.support.SampleDecoder.Bytes;
import org.daqstream.sample.support.SampleDecoder.Complex;

/** Values of a {@link SampleDecoder} on one line, long ones shortened. */
public final class ValueText {
  private static final int MOST_ELEMENTS = 16;
  private static final int MOST_HEX_DIGITS = 64;

  private ValueText() {}

  /** A value on one line, without characters that steer a terminal. */
  public static String of(Object value) {
    if (value instanceof Complex number) {
      String im = real(number.im());
      return real(number.re()) + (im.startsWith("-") ? "" : "+") + im + "i";
    }
    if (value instanceof Bits bits) {
      return "0x" + bits.value().toString(16) + " (" + String.join(", ", bits.set()) + ")";
    }
    if (value instanceof Bytes bytes) {
      String hex = bytes.hex();
      return bytes.length()
          + " B: "
          + (hex.length() > MOST_HEX_DIGITS ? hex.substring(0, MOST_HEX_DIGITS) + "…" : hex);
    }
    if (value instanceof List<?> list) {
      return list(list);
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> entry.getKey() + "=" + of(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof Double || value instanceof Float) {
      return real((Number) value);
    }
    return ForeignText.plain(String.valueOf(value));
  }

  /**
   * The shortest digits that tell it from its neighbours, without exponent as long as that fits.
   */
  private static String real(Number number) {
    double size = Math.abs(number.doubleValue());
    return size >= 1e-6 && size < 1e15
        ? new BigDecimal(number.toString()).toPlainString()
        : number.toString();
  }

  private static String list(List<?> list) {
    int more = list.size() - MOST_ELEMENTS;
    return list.stream()
        .limit(MOST_ELEMENTS)
        .map(ValueText::of)
        .collect(Collectors.joining(", ", "[", more > 0 ? ", … " + more + " more]" : "]"));
  }
}
