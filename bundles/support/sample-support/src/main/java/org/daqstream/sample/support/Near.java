/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.sample.support;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.daqstream.base.support.Spelling;

/** Finds what somebody may have meant. */
public final class Near {
  private static final int MOST = 3;

  private Near() {}

  /**
   * The end of an error message about an unknown word: {@code "; did you mean ...?"}, or nothing
   * when no known word is like it.
   */
  public static String suggestion(String word, Collection<String> known) {
    List<String> near = near(word, known);
    return near.isEmpty()
        ? ""
        : near.stream().collect(Collectors.joining("' or '", "; did you mean '", "'?"));
  }

  static List<String> near(String word, Collection<String> known) {
    String lower = word.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(each -> distance(lower, each.toLowerCase(Locale.ROOT)) <= limit(word))
        .sorted(
            Comparator.comparingInt((String each) -> distance(lower, each.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()))
        .limit(MOST)
        .toList();
  }

  private static int limit(String word) {
    return Math.max(1, word.length() / 3);
  }

  /** Letters to change; none for a part of the other word. */
  private static int distance(String word, String other) {
    boolean isPart = word.length() >= 2 && other.contains(word);
    return isPart ? 0 : Spelling.distance(word, other);
  }
}
