/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which signals are wanted, by ids with wildcards: {@code *} is any text without a slash, {@code
 * **} any text, {@code ?} one character but a slash.
 */
public final class IdPatterns {
  private static final Pattern WILDCARD = Pattern.compile("\\*\\*+|\\*|\\?");

  private final Pattern pattern; // null without any
  private final boolean isAll;

  /** Without a pattern nothing is wanted. */
  public IdPatterns(List<String> globs) {
    isAll = globs.contains("**");
    pattern =
        globs.isEmpty()
            ? null
            : Pattern.compile(
                globs.stream().map(IdPatterns::regex).collect(Collectors.joining("|")),
                Pattern.DOTALL); // others' ids may have lines
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    int from = 0;
    Matcher wildcards = WILDCARD.matcher(glob);
    while (wildcards.find()) {
      regex.append(Pattern.quote(glob.substring(from, wildcards.start())));
      regex.append(
          switch (wildcards.group()) {
            case "*" -> "[^/]*";
            case "?" -> "[^/]";
            default -> ".*";
          });
      from = wildcards.end();
    }
    regex.append(Pattern.quote(glob.substring(from)));
    return regex.toString();
  }

  /** Whether one of the patterns is for the id. */
  public boolean wants(String signalId) {
    return isAll || (pattern != null && pattern.matcher(signalId).matches());
  }
}
