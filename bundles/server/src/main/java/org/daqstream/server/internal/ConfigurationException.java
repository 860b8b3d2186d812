/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

/** A configured value that cannot be used; the message names key, value and reason. */
final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigurationException(String key, String value, String reason) {
    super("key " + key + " = '" + value + "': " + reason);
  }
}
