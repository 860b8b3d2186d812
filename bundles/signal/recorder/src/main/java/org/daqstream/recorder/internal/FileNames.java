/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Names of files that every file system takes, whatever signals are called. */
final class FileNames {
  /** With four bytes each, a time, a number and the ending of a working file it is below 255. */
  private static final int WORD_CHARS = 40;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private FileNames() {}

  /**
   * Name of a file.
   *
   * @param part which one of the recording, from 0
   */
  static String of(String recorder, String table, Instant start, int part, String format) {
    String time = TIME.format(start.truncatedTo(ChronoUnit.SECONDS));
    return "%s.%s.%s.%d.%s".formatted(word(recorder), word(table), time, part, format);
  }

  /** Letters, digits, dots, underscores and hyphens; no dot or underscore in front. */
  static String word(String any) {
    String plain = any.replaceAll("[^\\p{L}\\p{N}._-]+", "-").replaceAll("^[._-]+|[.-]+$", "");
    int end = Math.min(plain.length(), WORD_CHARS);
    if (end < plain.length() && Character.isHighSurrogate(plain.charAt(end - 1))) {
      end--;
    }
    return end == 0 ? "x" : plain.substring(0, end);
  }
}
