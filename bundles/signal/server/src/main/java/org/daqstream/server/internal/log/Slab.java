/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The memory of some {@link Chunk chunks}, which comes and goes together. Its bookkeeping is
 * guarded by the log's lock.
 */
public final class Slab {
  static final int CHUNKS = 4;
  private static final int BYTES_PER_ENTRY = 64;

  private final ByteBuffer memory;

  /** For the thread that reads for all clients. */
  public final ByteBuffer readerView;

  /** Chunks that are not in the log, the one that was used last on top. */
  private final Deque<Chunk> free = new ArrayDeque<>(CHUNKS);

  private boolean usedLately = true;

  Slab(int chunkBytes) {
    memory = ByteBuffer.allocateDirect(Math.multiplyExact(CHUNKS, chunkBytes));
    readerView = newView();
    for (int i = 0; i < CHUNKS; i++) {
      free.add(new Chunk(this, i * chunkBytes, chunkBytes, chunkBytes / BYTES_PER_ENTRY));
    }
  }

  static int entriesOf(int chunkBytes) {
    return chunkBytes / BYTES_PER_ENTRY;
  }

  /** A view of all chunks, for one thread. */
  public ByteBuffer newView() {
    return memory.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A chunk that is not in the log, {@code null} if there is none. */
  Chunk take() {
    Chunk chunk = free.poll();
    usedLately |= chunk != null;
    return chunk;
  }

  /** Takes a retired chunk back. */
  void put(Chunk chunk) {
    free.push(chunk);
  }

  /** Whether it did not hold anything since the last call. */
  boolean wasIdle() {
    boolean idle = !usedLately && free.size() == CHUNKS;
    usedLately = free.size() < CHUNKS;
    return idle;
  }

  /** Gives the memory back; nobody knows any of its chunks any more. */
  void release() {
    free.forEach(Chunk::release);
    DirectMemory.free(memory);
  }
}
