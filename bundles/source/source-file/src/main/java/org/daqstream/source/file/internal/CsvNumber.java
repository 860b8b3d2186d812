/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** Numbers as programs write them, with their words for what is none. */
final class CsvNumber {
  /** Of C, Microsoft's C, Excel, Java, LabVIEW, MATLAB, pandas, R and databases. */
  private static final Set<String> NOT_A_NUMBER =
      words(
          "nan +nan -nan nan(ind) -nan(ind) nan(snan) -nan(snan) 1.#qnan -1.#qnan 1.#snan -1.#snan"
              + " 1.#ind -1.#ind 1.#nan #n/a #div/0! #num! #value! #ref! #name? #null! n/a na <na>"
              + " nat null none");

  private static final Set<String> INFINITY = words("inf infinity 1.#inf ∞");
  private static final Map<String, Double> WORDS = meanings();

  private CsvNumber() {}

  static Set<String> words(String text) {
    return Set.of(text.split(" "));
  }

  private static Map<String, Double> meanings() {
    Map<String, Double> words = new HashMap<>(Map.of("true", 1.0, "false", 0.0));
    for (String word : NOT_A_NUMBER) {
      words.put(word, Double.NaN);
    }
    for (String word : INFINITY) {
      words.put(word, Double.POSITIVE_INFINITY);
      words.put("+" + word, Double.POSITIVE_INFINITY);
      words.put("-" + word, Double.NEGATIVE_INFINITY);
    }
    return Map.copyOf(words);
  }

  /** Reads a cell: NaN for one without content; empty when it cannot be meant for a number. */
  static OptionalDouble parse(String cell) {
    if (cell.isEmpty()) {
      return OptionalDouble.of(Double.NaN);
    }
    if (isDecimal(cell)) {
      try {
        return OptionalDouble.of(Double.parseDouble(cell));
      } catch (NumberFormatException e) {
        return OptionalDouble.empty();
      }
    }
    Double word = WORDS.get(cell.toLowerCase(Locale.ROOT));
    return word == null ? OptionalDouble.empty() : OptionalDouble.of(word);
  }

  /** Java's own suffixes and hexadecimal numbers are none. */
  private static boolean isDecimal(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  static boolean isWhole(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
