/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.util.Set;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * A configuration that was found good.
 *
 * @param deltaNanos distance of two rows
 * @param groups what is measured
 */
record Settings(long deltaNanos, Set<Group> groups) {
  private static final int RATE_LIMIT_HZ = 1000;

  /** Checks the values; the exception names key, value and what is allowed. */
  static Settings of(HostSource.Config config) {
    int rateHz = rateHz(config);
    return new Settings(Math.round(1e9 / rateHz), Group.parse(config.groups()));
  }

  private static int rateHz(HostSource.Config config) {
    try {
      int rateHz = config.rateHz();
      if (rateHz >= 1 && rateHz <= RATE_LIMIT_HZ) {
        return rateHz;
      }
      throw new IllegalArgumentException("not " + rateHz);
    } catch (RuntimeException e) { // also the component runtime's, for a text that is no number
      throw new IllegalArgumentException(
          "rateHz: must be 1 to " + RATE_LIMIT_HZ + ", " + e.getMessage(), e);
    }
  }

  SignalDescriptor domain() {
    return SignalDescriptor.linearTime("host/time", deltaNanos);
  }
}
