/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Direct memory for the messages that wait in one output. What an output holds beyond a megabyte
 * comes out of half of what the runtime has, for all outputs together: those whose peers are away
 * must not take the memory of servers and of other streams, and a writer must not wait until the
 * system finds some. Not thread-safe; its owner gives everything back in the end.
 */
public final class SendMemory {

  /** What an output always gets. */
  static final int OWN_BYTES = 1024 * 1024;

  private static final int REST_BYTES = 4 * 1024 * 1024;

  /** What several outputs share. */
  static final class Pool {
    private final long limitBytes;
    private final AtomicLong used = new AtomicLong();

    Pool(long limitBytes) {
      this.limitBytes = limitBytes;
    }

    private boolean take(long bytes) {
      if (bytes > 0 && used.addAndGet(bytes) > limitBytes) {
        used.addAndGet(-bytes);
        return false;
      }
      return true;
    }

    private void giveBack(long bytes) {
      used.addAndGet(-bytes);
    }

    private boolean isHalfTaken() {
      return used.get() > limitBytes / 2;
    }
  }

  /** By default the JVM has as much direct memory as heap. */
  private static final Pool RUNTIME = new Pool(Runtime.getRuntime().maxMemory() / 2);

  private final Pool pool;
  private long heldBytes;

  /** Holds nothing yet. */
  public SendMemory() {
    this(RUNTIME);
  }

  SendMemory(Pool pool) {
    this.pool = pool;
  }

  /**
   * Takes a buffer.
   *
   * @param bytes its size
   * @return direct; null when there is no memory now
   */
  public ByteBuffer take(int bytes) {
    long shared = sharedOf(heldBytes + bytes) - sharedOf(heldBytes);
    if (!pool.take(shared)) {
      return null;
    }
    try {
      ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
      heldBytes += bytes;
      return buffer;
    } catch (OutOfMemoryError e) {
      pool.giveBack(shared);
      return null;
    }
  }

  /**
   * How much an output that has nothing to send should keep for the next time, because direct
   * memory is costly to get.
   *
   * @return bytes; less when there is not much left for others
   */
  public int restBytes() {
    return pool.isHalfTaken() ? OWN_BYTES : REST_BYTES;
  }

  private static long sharedOf(long bytes) {
    return Math.max(0, bytes - OWN_BYTES);
  }

  /**
   * Buffers are left to the garbage collector.
   *
   * @param bytes their sizes together
   */
  public void giveBack(long bytes) {
    pool.giveBack(sharedOf(heldBytes) - sharedOf(heldBytes - bytes));
    heldBytes -= bytes;
  }
}
