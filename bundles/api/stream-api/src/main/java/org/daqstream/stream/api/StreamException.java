/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api;

/** A stream could not be opened. The message names the instance, the stream and the cause. */
public final class StreamException extends Exception {
  private static final long serialVersionUID = 1L;

  private final StreamResult result;

  /**
   * Creates the exception.
   *
   * @param result why, as a number; not {@link StreamResult#OK}
   * @param message why, in words
   */
  public StreamException(StreamResult result, String message) {
    this(result, message, null);
  }

  /**
   * Creates the exception with the exception behind it.
   *
   * @param result why, as a number; not {@link StreamResult#OK}
   * @param message why, in words
   * @param cause the exception behind it, or null
   */
  public StreamException(StreamResult result, String message, Throwable cause) {
    super(message, cause);
    if (result == StreamResult.OK) {
      throw new IllegalArgumentException("OK is no reason for an exception");
    }
    this.result = result;
  }

  /** {@return why, as a number; never {@link StreamResult#OK}} */
  public StreamResult result() {
    return result;
  }
}
