/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api.writer;

/** Says why a descriptor cannot be written: what it asks for, and what would be allowed. */
public final class UnsupportedSignalException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the refusal.
   *
   * @param message names the key, its value and what is allowed
   */
  public UnsupportedSignalException(String message) {
    super(message);
  }
}
