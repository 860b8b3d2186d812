/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.support;

/**
 * Domain values of neighbouring rows.
 *
 * @param first that of the first row
 * @param delta distance on a line; 0 for {@code stamps}
 * @param stamps one for each row; {@code null} on a line
 * @param offset place of the first row in {@code stamps}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Ticks(long first, long delta, long[] stamps, int offset) {
  boolean isOnLine() {
    return stamps == null;
  }

  long at(int index) {
    return stamps == null ? first + delta * index : stamps[offset + index];
  }

  Ticks from(int index) {
    return stamps == null
        ? new Ticks(at(index), delta, null, 0)
        : new Ticks(0, 0, stamps, offset + index);
  }
}
