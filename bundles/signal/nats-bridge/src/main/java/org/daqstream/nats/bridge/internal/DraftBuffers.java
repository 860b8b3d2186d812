/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Memory for messages that are being filled: only signals that have something to send hold any. For
 * one thread.
 */
final class DraftBuffers {
  private static final int LEAST_BITS = 9;
  private static final long SPARE_BYTES = 4 << 20;

  private final List<Deque<ByteBuffer>> bySize = new ArrayList<>(); // of powers of two
  private long spareBytes;

  DraftBuffers() {
    for (int bits = LEAST_BITS; bits < Integer.SIZE; bits++) {
      bySize.add(new ArrayDeque<>());
    }
  }

  /** An empty one with room for so much at least. */
  ByteBuffer take(int bytes) {
    int size = sizeOf(bytes);
    ByteBuffer spare = bySize.get(size).pollLast();
    if (spare == null) {
      return BlockMessage.allocate(
          (int) Math.min(Integer.MAX_VALUE - 8, 1L << (size + LEAST_BITS)));
    }
    spareBytes -= spare.capacity();
    return spare.clear();
  }

  private static int sizeOf(int bytes) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, bytes - 1));
    return Math.max(0, bits - LEAST_BITS);
  }

  /** One is not used any more. */
  void give(ByteBuffer used) {
    if (spareBytes + used.capacity() <= SPARE_BYTES) {
      spareBytes += used.capacity();
      bySize.get(sizeOf(used.capacity())).addLast(used);
    }
  }

  /** How much is kept for later. */
  long spareBytes() {
    return spareBytes;
  }
}
