/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

/**
 * The values that a signal can take, in its unit; what a display scales its axis to.
 *
 * @param low smallest value
 * @param high greatest value
 */
public record Range(double low, double high) {
  /** Refuses a range that holds nothing. */
  public Range {
    if (!(low <= high)) {
      throw new IllegalArgumentException("range: low " + low + " must not exceed high " + high);
    }
  }
}
