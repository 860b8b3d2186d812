/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.access;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Patterns of signal ids: {@code *} is anything without a slash, {@code **} anything, {@code ?} one
 * character that is no slash, all else itself. Immutable; equal if the patterns are.
 */
public final class Globs {
  static final Globs ALL = new Globs(List.of("**"));
  static final Globs NONE = new Globs(List.of());

  private final List<String> globs;
  private final Pattern pattern;
  private final boolean isAll;

  /** Reads patterns. */
  public Globs(List<String> globs) {
    this.globs = List.copyOf(globs);
    isAll = globs.contains("**");
    pattern =
        Pattern.compile(
            globs.stream().map(Globs::expression).collect(Collectors.joining("|")), Pattern.DOTALL);
  }

  private static String expression(String glob) {
    StringBuilder expression = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (c == '*') {
        boolean any = glob.startsWith("**", i);
        expression.append(any ? ".*" : "[^/]*");
        while (any && i + 1 < glob.length() && glob.charAt(i + 1) == '*') {
          i++;
        }
      } else {
        expression.append(c == '?' ? "[^/]" : Pattern.quote(String.valueOf(c)));
      }
    }
    return expression.toString();
  }

  boolean isEmpty() {
    return globs.isEmpty();
  }

  boolean isAll() {
    return isAll;
  }

  boolean matches(String id) {
    return isAll || (!globs.isEmpty() && pattern.matcher(id).matches());
  }

  Globs and(Globs others) {
    return new Globs(Stream.concat(globs.stream(), others.globs.stream()).distinct().toList());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Globs that && globs.equals(that.globs);
  }

  @Override
  public int hashCode() {
    return globs.hashCode();
  }

  @Override
  public String toString() {
    return globs.toString();
  }
}
