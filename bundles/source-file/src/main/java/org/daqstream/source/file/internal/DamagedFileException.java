/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.IOException;

/** Says where a file is not what it should be, and why; the file's name is added by who logs it. */
final class DamagedFileException extends IOException {
  private static final long serialVersionUID = 1L;

  private DamagedFileException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A place counted in bytes from the start of the file. */
  static DamagedFileException atByte(long position, String reason) {
    return new DamagedFileException("byte " + position + ": " + reason, null);
  }

  /** A place counted in lines, the first one being 1. */
  static DamagedFileException atLine(long line, String reason) {
    return new DamagedFileException("line " + line + ": " + reason, null);
  }

  /** A place that the CSV reader's own message names. */
  static DamagedFileException of(RuntimeException unreadable) {
    Throwable cause = unreadable.getCause();
    return new DamagedFileException(
        unreadable.getMessage() + (cause == null ? "" : ": " + cause.getMessage()), unreadable);
  }
}
