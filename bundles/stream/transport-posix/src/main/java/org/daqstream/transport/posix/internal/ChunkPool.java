/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Read buffers of one input. A well-filled one is handed over whole and comes back when the module
 * has processed it; a poorly filled one is copied to its exact size, so that small chunks cost
 * little memory. One thread takes, any thread gives back.
 */
final class ChunkPool {

  private static final int IDLE_BYTES = 4 * 1024 * 1024;

  /** A direct buffer that knows its way back. */
  final class Chunk {
    final ByteBuffer bytes = ByteBuffer.allocateDirect(chunkBytes);
    final Runnable release = () -> give(this);
  }

  private final int chunkBytes;
  private final ArrayBlockingQueue<Chunk> idle;

  ChunkPool(int chunkBytes) {
    this.chunkBytes = chunkBytes;
    this.idle = new ArrayBlockingQueue<>(Math.max(2, Math.min(64, IDLE_BYTES / chunkBytes)));
  }

  /** An empty chunk. */
  Chunk take() {
    Chunk chunk = idle.poll();
    return chunk == null ? new Chunk() : chunk;
  }

  /** Takes a chunk back, or leaves it to the garbage collector when there are enough. */
  private void give(Chunk chunk) {
    chunk.bytes.clear();
    boolean kept = idle.offer(chunk);
    assert kept || idle.remainingCapacity() == 0;
  }
}
