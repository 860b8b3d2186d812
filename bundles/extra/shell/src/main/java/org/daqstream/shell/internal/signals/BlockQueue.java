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

  /** A block and how many samples were dropped between the one before and this one. */
  record Entry(long droppedBefore, Block block) {}

  private final BlockingQueue<Entry> entries = new ArrayBlockingQueue<>(BLOCKS);
  private final AtomicInteger bytes = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();

  /** Whether a block finds room, for the publisher: what has room keeps it until it is put. */
  boolean hasRoom(int blockBytes) {
    return entries.remainingCapacity() > 0 && bytes.get() + (long) blockBytes <= LIMIT_BYTES;
  }

  void put(Block block) {
    bytes.addAndGet(block.size());
    entries.add(new Entry(dropped.getAndSet(0), block));
  }

  /** Counts samples that found no room, or that could not be encoded. */
  void drop(long samples) {
    dropped.addAndGet(samples);
  }

  /** Samples dropped since the last block was queued. */
  long dropped() {
    return dropped.get();
  }

  /** The next block, for the terminal; {@code null} when none came in time. */
  Entry take(long timeoutMs) throws InterruptedException {
    Entry entry = entries.poll(timeoutMs, TimeUnit.MILLISECONDS);
    if (entry != null) {
      bytes.addAndGet(-entry.block().size());
    }
    return entry;
  }
}
