/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.nio.ByteBuffer;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.Rule;

/**
 * Cuts blocks of a signal with {@link Rule.LinearValue} so that each piece is exactly what a
 * registry makes of its first sample: blocks that were cut on the way take up in the middle of
 * their line, where what is rounded may differ.
 */
record SampleLines(ElementType type, Rule.LinearValue line) {
  /** How many samples behind one, and with it, follow from it; at least 1. */
  int lengthAt(ByteBuffer samples, int first, int end) {
    int length = 1;
    while (first + length < end && isOnLine(samples, first, length)) {
      length++;
    }
    return length;
  }

  private boolean isOnLine(ByteBuffer samples, int first, int rows) {
    int start = samples.position() + first * type.bytes();
    int at = start + rows * type.bytes();
    if (type == ElementType.REAL32) {
      float expected = (float) line.valueAt(type.doubleAt(samples, start), rows);
      return Float.compare(expected, (float) type.doubleAt(samples, at)) == 0;
    }
    if (type == ElementType.REAL64) {
      double expected = line.valueAt(type.doubleAt(samples, start), rows);
      return Double.compare(expected, type.doubleAt(samples, at)) == 0;
    }
    long difference = line.valueAt(type.longAt(samples, start), rows) - type.longAt(samples, at);
    int bits = type.bytes() * Byte.SIZE;
    return bits == Long.SIZE ? difference == 0 : difference << (Long.SIZE - bits) == 0;
  }
}
