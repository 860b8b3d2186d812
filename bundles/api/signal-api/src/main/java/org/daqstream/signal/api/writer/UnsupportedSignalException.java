/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api.writer;

import org.daqstream.signal.api.SignalDescriptor;

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

  /**
   * {@return a new refusal in the usual words}
   *
   * @param descriptor the signal that is refused
   * @param asked the fact that cannot be, with its value
   * @param allowed what would be allowed
   */
  public static UnsupportedSignalException of(
      SignalDescriptor descriptor, String asked, String allowed) {
    return new UnsupportedSignalException(
        "signal %s of type %s: %s is not supported, %s"
            .formatted(descriptor.signalId(), descriptor.dataType(), asked, allowed));
  }
}
