/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What modules may have held for them beyond what is usual: messages that the register does not
 * take yet, and long ones of which a part has come. A megabyte is each module's own, what is beyond
 * comes out of a share for all. Any thread.
 */
final class HeldMemory {
  static final int OWN_BYTES = 1024 * 1024;

  private final long limitBytes;
  private final AtomicLong sharedBytes = new AtomicLong();

  HeldMemory(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Of one module, used by one thread. */
  final class Part {
    private long heldBytes;

    /** Asks for so many; false when there are not so many now. */
    boolean take(long bytes) {
      long more = shared(heldBytes + bytes) - shared(heldBytes);
      if (more > 0 && sharedBytes.addAndGet(more) > limitBytes) {
        sharedBytes.addAndGet(-more);
        return false;
      }
      heldBytes += bytes;
      return true;
    }

    void giveBack(long bytes) {
      sharedBytes.addAndGet(shared(heldBytes - bytes) - shared(heldBytes));
      heldBytes -= bytes;
    }

    void end() {
      giveBack(heldBytes);
    }

    private static long shared(long bytes) {
      return Math.max(0, bytes - OWN_BYTES);
    }
  }

  Part part() {
    return new Part();
  }

  long limitBytes() {
    return limitBytes;
  }
}
