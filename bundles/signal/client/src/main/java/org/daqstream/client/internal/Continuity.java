/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import org.daqstream.client.Gap;
import org.daqstream.client.SampleBlock;
import org.daqstream.protocol.LossMessage;

/** Where a signal's next block should begin, over connections. By the thread that reads. */
final class Continuity {
  private boolean isKnown;
  private long nextRow;
  private boolean hasTick;
  private boolean isOnLine;
  private long nextTick; // of the last sample where stamps are explicit
  private Gap.Reason reason = Gap.Reason.ROWS;
  private LossMessage loss;

  /** The connection is gone: what is missing next is missing for that. */
  void interrupted() {
    reason = Gap.Reason.CONNECTION;
    loss = null;
  }

  /** The device says what is missing in front of the next block. */
  void lost(LossMessage message) {
    loss = message;
  }

  /** Nothing is known: nothing can be missing. */
  void forget() {
    isKnown = false;
    loss = null;
    reason = Gap.Reason.ROWS;
  }

  /** What is missing in front of a block, {@code null} for nothing; then looks behind the block. */
  Gap before(SampleBlock block, boolean isSparse) {
    Gap gap = isKnown ? gap(block, isSparse) : null;
    isKnown = true;
    loss = null;
    reason = Gap.Reason.ROWS;
    nextRow = block.row() + block.count();
    hasTick = block.hasTicks();
    isOnLine = block.isOnLine();
    if (hasTick) {
      nextTick = block.tick(block.count() - 1) + block.deltaTicks();
    }
    return gap;
  }

  private Gap gap(SampleBlock block, boolean isSparse) {
    if (loss != null) {
      return new Gap(
          Gap.Reason.DEVICE, loss.fromRow(), loss.toRow(), true, loss.fromTick(), loss.toTick());
    }
    boolean knowsTicks = hasTick && block.hasTicks();
    boolean isLine = knowsTicks && isOnLine && block.isOnLine();
    boolean jumps = isLine && block.tick(0) != nextTick;
    boolean rowsMiss = block.row() != nextRow;
    boolean isAnotherConnection = reason == Gap.Reason.CONNECTION;
    // Rows alone tell nothing: some devices count them for each connection.
    boolean mayMiss = isAnotherConnection && !isLine;
    boolean missing = isSparse ? isAnotherConnection : rowsMiss || jumps || mayMiss;
    if (!missing) {
      return null;
    }
    Gap.Reason why = reason == Gap.Reason.ROWS && !rowsMiss ? Gap.Reason.DOMAIN : reason;
    return new Gap(why, nextRow, block.row(), knowsTicks, nextTick, knowsTicks ? block.tick(0) : 0);
  }
}
