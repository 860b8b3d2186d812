/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.csv.internal;

import java.io.IOException;

/** A line that was read, and is none of a recording: not a disk that fails. */
final class UnreadableLineException extends IOException {
  private static final long serialVersionUID = 1;

  UnreadableLineException(String message) {
    super(message);
  }
}
