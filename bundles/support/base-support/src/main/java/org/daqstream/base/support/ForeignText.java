/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

/**
 * What peers, files and configurations say, made fit for logs, messages and terminals: nothing in
 * it ends a line, steers a terminal, turns the direction of what follows or cannot be seen.
 */
public final class ForeignText {
  private static final char UNFIT = '\uFFFD';

  /** Scripts and pictures need the two joiners, which do no harm. */
  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;

  private static final int ZERO_WIDTH_JOINER = 0x200D;

  private ForeignText() {}

  /** The text with U+FFFD for each character that is unfit; the same object if all is fit. */
  public static String plain(String text) {
    if (isPlain(text)) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    text.codePoints().forEach(c -> plain.appendCodePoint(isUnfit(c) ? UNFIT : c));
    return plain.toString();
  }

  /** Whether all is fit. */
  public static boolean isPlain(String text) {
    return text.codePoints().noneMatch(ForeignText::isUnfit);
  }

  /** So many characters of the text at most, plain, before a sign that there were more. */
  public static String plain(String text, int limitChars) {
    return text.length() <= limitChars ? plain(text) : plain(text.substring(0, limitChars)) + "…";
  }

  private static boolean isUnfit(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      case Character.FORMAT -> c != ZERO_WIDTH_NON_JOINER && c != ZERO_WIDTH_JOINER;
      default -> false;
    };
  }
}
