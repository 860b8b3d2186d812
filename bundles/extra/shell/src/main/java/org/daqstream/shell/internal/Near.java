/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds what somebody may have meant. */
public final class Near {
  private static final int MOST = 3;

  private Near() {}

  /** An error that says that there is no such word, and which ones are like it. */
  public static CommandException unknown(String thereIsNo, String word, Collection<String> known) {
    return new CommandException(thereIsNo + " '" + word + "'" + suggestion(word, known));
  }

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

  /** Letters to insert, remove or replace; none for a part of the other word. */
  private static int distance(String word, String other) {
    if (word.length() >= 2 && other.contains(word)) {
      return 0;
    }
    int[] before = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= word.length(); i++) {
      int[] now = new int[other.length() + 1];
      now[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int replaced = before[j - 1] + (word.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        now[j] = Math.min(replaced, 1 + Math.min(before[j], now[j - 1]));
      }
      before = now;
    }
    return before[other.length()];
  }
}
