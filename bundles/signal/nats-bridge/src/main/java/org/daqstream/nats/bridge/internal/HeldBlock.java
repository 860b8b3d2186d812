/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.concurrent.TimeUnit;
import org.daqstream.nats.bridge.internal.BlockMessage.Block;

/**
 * A block with what its message says of it.
 *
 * @param block the samples
 * @param description see {@link BlockMessage}
 * @param anchor see {@link BlockMessage}
 * @param isKept see {@link BlockMessage}
 * @param isLive whether it came as it was published; else it was read from the stream
 * @param sinceNanos when it came, by {@link System#nanoTime}
 */
record HeldBlock(
    Block block, int description, long anchor, boolean isKept, boolean isLive, long sinceNanos) {
  private static final int OBJECT_BYTES = 200;

  /** How long a description may come after its blocks. */
  static final long DESCRIPTION_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** The same for blocks from the stream, which may be of long ago. */
  private static final long OLD_DESCRIPTION_NANOS = TimeUnit.SECONDS.toNanos(2);

  static HeldBlock of(BlockMessage message, Block block, boolean isLive, long nowNanos) {
    return new HeldBlock(
        block, message.description(), message.anchor(), message.isKept(), isLive, nowNanos);
  }

  /** The row at which it takes up: what lies between and its samples the source left out. */
  long startRow() {
    return block.row() - block.skipped();
  }

  long endRow() {
    return block.endRow();
  }

  /** How long it is waited for its description. */
  long descriptionNanos() {
    return isLive ? DESCRIPTION_NANOS : OLD_DESCRIPTION_NANOS;
  }

  /** About how much memory it takes. */
  int heldBytes() {
    int stamps = block.ticks() == null ? 0 : block.ticks().length * Long.BYTES;
    return OBJECT_BYTES + stamps + block.samples().remaining();
  }
}
