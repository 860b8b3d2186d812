/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says where a file is not what it should be, and why; the file's name is added by who logs it. */
final class DamagedFileException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final Pattern LINE = Pattern.compile("line (\\d+)");

  private DamagedFileException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A file as a whole; the reason goes on from its name. */
  static DamagedFileException of(String reason) {
    return new DamagedFileException(reason, null);
  }

  /** A place counted in bytes from the start of the file. */
  static DamagedFileException atByte(long position, String reason) {
    return new DamagedFileException("byte " + position + ": " + reason, null);
  }

  /** A place counted in lines, the first one being 1. */
  static DamagedFileException atLine(long line, String reason) {
    return new DamagedFileException("line " + line + ": " + reason, null);
  }

  /** What the CSV reader says; its own words for a field that does not end are many. */
  static DamagedFileException of(RuntimeException unreadable, long skippedLines) {
    Throwable cause = unreadable.getCause();
    String reason = unreadable.getMessage() + (cause == null ? "" : ": " + cause.getMessage());
    Matcher line = LINE.matcher(reason);
    String place =
        "line " + (skippedLines + (line.find() ? Long.parseLong(line.group(1)) : 1)) + ": ";
    if (reason.contains("maximum buffer size")) {
      return new DamagedFileException(
          place + "the cell is too long; is a quotation mark or the end of the line missing?",
          unreadable);
    }
    return new DamagedFileException(place + reason, unreadable);
  }
}
