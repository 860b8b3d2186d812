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
    int entries = entriesOf(chunkBytes);
    int indexBytes = Chunk.indexBytes(entries);
    memory = ByteBuffer.allocateDirect(bytesOf(chunkBytes));
    readerView = newView();
    for (int i = 0; i < CHUNKS; i++) {
      ByteBuffer index = memory.slice(i * indexBytes, indexBytes);
      int base = CHUNKS * indexBytes + i * chunkBytes;
      free.add(new Chunk(this, index, base, chunkBytes, entries));
    }
  }

  /** The most entries of a chunk, an even number. */
  static int entriesOf(int chunkBytes) {
    return chunkBytes / BYTES_PER_ENTRY & ~1;
  }

  /** What a slab with chunks of so many bytes takes with their indexes. */
  static int bytesOf(int chunkBytes) {
    return Math.multiplyExact(CHUNKS, chunkBytes + Chunk.indexBytes(entriesOf(chunkBytes)));
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
