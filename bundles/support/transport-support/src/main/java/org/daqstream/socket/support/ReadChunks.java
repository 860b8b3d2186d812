/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Read buffers of one input. Messages in a well-filled one are lent to the module where they lie,
 * and the buffer comes back when the last of them was processed; of such buffers there is a fixed
 * amount. One thread takes and lends, any thread gives back.
 */
final class ReadChunks {
  private static final int LENT_BYTES = 8 * 1024 * 1024;
  private static final int MOST_LENT = 64;

  final class Chunk {
    final ByteBuffer bytes = ByteBuffer.allocateDirect(chunkBytes);

    /** To be run once for each message lent. */
    final Runnable release = this::release;

    private final ByteBuffer readOnly = bytes.asReadOnlyBuffer();
    private final AtomicInteger lent = new AtomicInteger(); // below zero until lending has ended
    private int lending; // reading thread only

    ByteBuffer lend(int from, int length) {
      lending++;
      return readOnly.slice(from, length);
    }

    private void release() {
      if (lent.decrementAndGet() == 0) {
        idle.add(this);
      }
    }
  }

  private final int chunkBytes;
  private final int mostLent;
  private final ArrayBlockingQueue<Chunk> idle;
  private int created;
  private Chunk current; // null: to be had when it is needed

  ReadChunks(int chunkBytes) {
    this.chunkBytes = chunkBytes;
    this.mostLent = Math.max(1, Math.min(MOST_LENT, LENT_BYTES / chunkBytes));
    this.idle = new ArrayBlockingQueue<>(mostLent + 1);
  }

  /** What to read into. */
  Chunk current() {
    if (current == null) {
      current = idle.poll();
    }
    if (current == null) {
      current = new Chunk();
      created++;
    }
    return current;
  }

  /** Whether messages may be lent: the module would hold little else in memory than these. */
  boolean mayLend() {
    return current.bytes.limit() >= chunkBytes / 2 && (!idle.isEmpty() || created <= mostLent);
  }

  /** What was read into the current chunk has been dealt with. */
  void next() {
    int count = current.lending;
    if (count == 0) {
      return;
    }
    current.lending = 0;
    if (current.lent.addAndGet(count) == 0) {
      return; // all have come back already
    }
    current = null;
  }
}
