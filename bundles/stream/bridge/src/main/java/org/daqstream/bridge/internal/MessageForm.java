/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * What a message of a signal on a stream looks like; little endian.
 *
 * <p>{@code payload}: the encoded samples and nothing else.
 *
 * <p>{@code stamped}, which can be cut without message borders:
 *
 * <pre>
 * byte  0  uint32  bytes of the frame after this number
 *       4  uint32  samples
 *       8  int64   domain value of the first sample, in ticks of the domain signal
 *      16  int64   ticks from one sample to the next; 0 for an explicit domain
 *      24  int64   only with 0 above: the domain value of each sample
 *          ...     the encoded samples
 * </pre>
 */
enum MessageForm {
  PAYLOAD,
  STAMPED;

  private static final int FIXED_BYTES = 24;

  /** Bytes in front of the payload. */
  long headerBytes(boolean explicit, int count) {
    if (this == PAYLOAD) {
      return 0;
    }
    return FIXED_BYTES + (explicit ? (long) Long.BYTES * count : 0);
  }

  /** Writes those bytes; {@code ticks} is null for a linear domain. */
  void putHeader(
      ByteBuffer target,
      int payloadBytes,
      long tick,
      long deltaTicks,
      long[] ticks,
      int offset,
      int count) {
    if (this == PAYLOAD) {
      return;
    }
    long header = headerBytes(ticks != null, count);
    target.putInt((int) (header - Integer.BYTES + payloadBytes));
    target.putInt(count).putLong(tick).putLong(ticks == null ? deltaTicks : 0);
    if (ticks != null) {
      for (int i = offset; i < offset + count; i++) {
        target.putLong(ticks[i]);
      }
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
