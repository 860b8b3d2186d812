/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Blocks from one publisher to one terminal, bounded in number and bytes. The publisher never
 * waits: what finds no room is dropped and counted.
 */
final class BlockQueue {
  /** Most blocks that wait. */
  static final int BLOCKS = 64;

  /** Most bytes that wait. */
  static final int LIMIT_BYTES = 16 << 20;

  private final BlockingQueue<Block> free = new ArrayBlockingQueue<>(BLOCKS);
  private final BlockingQueue<Block> filled = new ArrayBlockingQueue<>(BLOCKS);
  private final AtomicInteger bytes = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();

  BlockQueue() {
    for (int i = 0; i < BLOCKS; i++) {
      free.add(new Block());
    }
  }

  /**
   * Room for a block, for the publisher.
   *
   * @return a block to be filled and given to {@link #put}; {@code null} when there is no room
   */
  Block room(int blockBytes) {
    return bytes.get() + (long) blockBytes <= LIMIT_BYTES ? free.poll() : null;
  }

  /** Queues a filled block. */
  void put(Block block) {
    block.droppedBefore(dropped.getAndSet(0));
    bytes.addAndGet(block.size());
    filled.add(block);
  }

  /** Takes back room that was not used. */
  void unused(Block block) {
    free.add(block);
  }

  /** Counts samples that found no room, or that could not be encoded. */
  void drop(long samples) {
    dropped.addAndGet(samples);
  }

  /** Samples dropped since the last block was queued. */
  long dropped() {
    return dropped.get();
  }

  /**
   * The next block, for the terminal; to be given back.
   *
   * @return {@code null} when none came in time
   */
  Block take(long timeoutMs) throws InterruptedException {
    return filled.poll(timeoutMs, TimeUnit.MILLISECONDS);
  }

  /** Lets the publisher use the block again. */
  void giveBack(Block block) {
    bytes.addAndGet(-block.size());
    block.recycle();
    free.add(block);
  }
}
