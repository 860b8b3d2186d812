/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.config.support;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A key that a component knows.
 *
 * @param id its name
 * @param type of its values, as metatype calls it
 * @param fallback what an absent value stands for, as a text; empty for none
 * @param low least number allowed, empty for any
 * @param high greatest number allowed, empty for any
 * @param options texts allowed; empty for any
 */
record ConfigKey(
    String id, String type, String fallback, String low, String high, List<String> options) {
  private static final Set<String> YES = Set.of("true", "yes", "on", "1");
  private static final Set<String> NO = Set.of("false", "no", "off", "0");
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,18}");
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?");

  boolean flag(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    if (!YES.contains(word) && !NO.contains(word)) {
      throw new RefusedException(
          id, text, "must be one of true, yes, on, 1, false, no, off, 0, in any case");
    }
    return YES.contains(word);
  }

  long whole(String text, long least, long most) {
    if (WHOLE.matcher(text).matches()) {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new RefusedException(id, text, "must be a whole number from " + least + " to " + most);
  }

  double decimal(String text) {
    double least = low.isEmpty() ? -Double.MAX_VALUE : Double.parseDouble(low);
    double most = high.isEmpty() ? Double.MAX_VALUE : Double.parseDouble(high);
    if (DECIMAL.matcher(text).matches()) {
      double number = Double.parseDouble(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new RefusedException(
        id, text, "must be a number from " + plain(least) + " to " + plain(most));
  }

  /** One of the options in its own spelling; without options any text. */
  String text(String text) {
    if (options.isEmpty()) {
      return text;
    }
    return options.stream()
        .filter(option -> option.equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(
            () -> new RefusedException(id, text, "must be one of " + String.join(", ", options)));
  }

  long least(long ofType) {
    return low.isEmpty() ? ofType : Long.parseLong(low);
  }

  long most(long ofType) {
    return high.isEmpty() ? ofType : Long.parseLong(high);
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e9
        ? String.valueOf((long) number)
        : String.valueOf(number);
  }
}
