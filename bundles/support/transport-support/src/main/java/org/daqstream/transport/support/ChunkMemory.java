/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.daqstream.stream.api.spi.SendBudget;

/** The chunks of a queue, within the budget of its output. Under the lock of the queue. */
final class ChunkMemory {

  /** An output with nothing to send keeps so much: direct memory is costly to get. */
  private static final int REST_BYTES = 4 * 1024 * 1024;

  /** The same while others want it. */
  private static final int SCARCE_REST_BYTES = 1024 * 1024;

  private final SendBudget budget;
  private final ArrayDeque<Chunk> spare = new ArrayDeque<>();
  private Chunk tail; // the last one in use
  private long heldBytes;

  ChunkMemory(SendBudget budget) {
    this.budget = budget;
  }

  /**
   * Gets all memory before the first byte is copied, so that a failure leaves no half message;
   * false when there is none, for a writer must not wait until the system finds some.
   */
  boolean makeRoom(long length) {
    long room = tail == null ? 0 : Chunk.BYTES - tail.filled;
    room += (long) spare.size() * Chunk.BYTES;
    for (; room < length; room += Chunk.BYTES) {
      if (!addChunk()) {
        trim();
        return false;
      }
    }
    return true;
  }

  private boolean addChunk() {
    if (!budget.take(Chunk.BYTES)) {
      return false;
    }
    try {
      spare.add(new Chunk(ByteBuffer.allocateDirect(Chunk.BYTES)));
      heldBytes += Chunk.BYTES;
      return true;
    } catch (OutOfMemoryError e) {
      budget.giveBack(Chunk.BYTES);
      return false;
    }
  }

  /** Where the next byte goes; with room for it. */
  Chunk tail() {
    if (tail == null || tail.filled == Chunk.BYTES) {
      Chunk fresh = spare.removeFirst();
      if (tail != null) {
        tail.next = fresh;
      }
      tail = fresh;
    }
    return tail;
  }

  /** Copies bytes to the end; the source's position stays. */
  void copy(ByteBuffer source) {
    int from = source.position();
    while (from < source.limit()) {
      Chunk chunk = tail();
      int count = Math.min(source.limit() - from, Chunk.BYTES - chunk.filled);
      chunk.bytes.put(chunk.filled, source, from, count);
      chunk.filled += count;
      from += count;
    }
  }

  /** Nobody needs a chunk any more. */
  void recycle(Chunk chunk) {
    if (chunk == tail) {
      tail = null;
    }
    chunk.next = null;
    chunk.filled = 0;
    chunk.done = 0;
    spare.addFirst(chunk);
  }

  /** Gives back what is kept beyond need; while there is much to send all are kept. */
  void trim() {
    while ((long) spare.size() * Chunk.BYTES
        > (budget.isScarce() ? SCARCE_REST_BYTES : REST_BYTES)) {
      spare.removeLast();
      budget.giveBack(Chunk.BYTES);
      heldBytes -= Chunk.BYTES;
    }
  }

  void clear() {
    spare.clear();
    tail = null;
    budget.giveBack(heldBytes);
    heldBytes = 0;
  }
}
