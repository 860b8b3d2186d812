/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.util.function.LongSupplier;

/**
 * What the register's configuration says.
 *
 * @param strictTypes refuse manifests as the C parser does
 * @param queueMessages most messages waiting for the module, per input
 * @param queueBytes most bytes waiting for the module, per input
 * @param flushTimeoutMs default flush deadline of a close
 * @param leaveTimeoutMs flush deadline when a transport leaves or a definition changes
 */
record Settings(
    boolean strictTypes,
    int queueMessages,
    long queueBytes,
    long flushTimeoutMs,
    long leaveTimeoutMs) {

  private static final long TIMEOUT_MAX_MS = 3_600_000;

  static final Settings DEFAULTS = new Settings(false, 65_536, 4L * 1024 * 1024, 5000, 1000);

  /**
   * Checks the configuration.
   *
   * @throws IllegalArgumentException naming key, value and what is allowed
   */
  static Settings of(RegisterConfig config) {
    return new Settings(
        config.strictTypes(),
        (int) number("queueMessages", config::queueMessages, 1, 1 << 24),
        number("queueBytes", config::queueBytes, 1, 1L << 40),
        number("flushTimeoutMs", config::flushTimeoutMs, 0, TIMEOUT_MAX_MS),
        number("leaveTimeoutMs", config::leaveTimeoutMs, 0, TIMEOUT_MAX_MS));
  }

  static long number(String key, LongSupplier value, long low, long high) {
    final long number;
    try {
      number = value.getAsLong();
    } catch (RuntimeException e) { // the component runtime's, for a text that is no number
      throw new IllegalArgumentException(
          key + ": must be a whole number from " + low + " to " + high + ", " + e.getMessage(), e);
    }
    if (number < low || number > high) {
      throw new IllegalArgumentException(
          key + " = " + number + ": must be a whole number from " + low + " to " + high);
    }
    return number;
  }
}
