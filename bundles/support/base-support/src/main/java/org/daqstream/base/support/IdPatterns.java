/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Which signals are wanted, by ids with wildcards: {@code *} is any text without a slash, {@code
 * **} any text, {@code ?} one character but a slash.
 */
public final class IdPatterns {
  private static final Pattern WILDCARD = Pattern.compile("\\*\\*|\\*|\\?");

  private final List<Pattern> patterns;

  /** Without a pattern nothing is wanted. */
  public IdPatterns(List<String> globs) {
    patterns = globs.stream().map(IdPatterns::pattern).toList();
  }

  private static Pattern pattern(String glob) {
    StringBuilder regex = new StringBuilder();
    int from = 0;
    var wildcards = WILDCARD.matcher(glob);
    while (wildcards.find()) {
      regex.append(Pattern.quote(glob.substring(from, wildcards.start())));
      regex.append(
          switch (wildcards.group()) {
            case "**" -> ".*";
            case "*" -> "[^/]*";
            default -> "[^/]";
          });
      from = wildcards.end();
    }
    regex.append(Pattern.quote(glob.substring(from)));
    return Pattern.compile(regex.toString(), Pattern.DOTALL); // others' ids may have lines
  }

  /** Whether one of the patterns is for the id. */
  public boolean wants(String signalId) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(signalId).matches());
  }
}
