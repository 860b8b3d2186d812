/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.util.regex.Pattern;

/**
 * A pattern of signal ids: {@code *} is any text without a slash, {@code **} any text, {@code ?}
 * one character but a slash. Without any of these it is an id.
 */
final class SignalGlob {
  /** Every signal. */
  static final SignalGlob ALL = new SignalGlob("**");

  private final String text;
  private final boolean isPattern;
  private final Pattern pattern;

  SignalGlob(String text) {
    this.text = text;
    isPattern = text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (text.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    pattern = Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  /** Whether it may stand for several ids. */
  boolean isPattern() {
    return isPattern;
  }

  boolean matches(String signalId) {
    return isPattern ? pattern.matcher(signalId).matches() : text.equals(signalId);
  }

  @Override
  public String toString() {
    return text;
  }
}
