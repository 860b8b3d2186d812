/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.stream.api.spi.SendBudget;

/**
 * The memory of all outputs for what waits to be sent. A megabyte is each one's own; what an output
 * holds beyond that comes out of a share for all together. Thread-safe.
 */
final class OutputMemory {
  /** What an output always gets. */
  static final int OWN_BYTES = 1024 * 1024;

  private final long limitBytes;
  private final AtomicLong sharedBytes = new AtomicLong();

  /** With so many bytes for all outputs together. */
  OutputMemory(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Half of what the runtime has; by default the JVM has as much direct memory as heap. */
  static OutputMemory ofRuntime() {
    return new OutputMemory(Runtime.getRuntime().maxMemory() / 2);
  }

  Budget budget() {
    return new Budget();
  }

  private boolean takeShared(long bytes) {
    if (bytes > 0 && sharedBytes.addAndGet(bytes) > limitBytes) {
      sharedBytes.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  /** What one output may hold until it ends. */
  final class Budget implements SendBudget {
    private long heldBytes;
    private boolean ended;

    @Override
    public synchronized boolean take(long bytes) {
      if (ended || !takeShared(sharedOf(heldBytes + bytes) - sharedOf(heldBytes))) {
        return false;
      }
      heldBytes += bytes;
      return true;
    }

    @Override
    public synchronized void giveBack(long bytes) {
      long fewer = Math.max(0, heldBytes - bytes); // nothing is left after the end
      sharedBytes.addAndGet(sharedOf(fewer) - sharedOf(heldBytes));
      heldBytes = fewer;
    }

    @Override
    public boolean isScarce() {
      return sharedBytes.get() > limitBytes / 2;
    }

    /** The output has ended; whatever its transport has kept counts no more. */
    synchronized void end() {
      ended = true;
      giveBack(heldBytes);
    }

    private static long sharedOf(long bytes) {
      return Math.max(0, bytes - OWN_BYTES);
    }
  }
}
