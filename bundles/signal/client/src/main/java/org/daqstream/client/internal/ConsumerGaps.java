/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import org.daqstream.client.Gap;
import org.daqstream.client.Gap.Reason;
import org.daqstream.client.SampleBlock;

/** What is missing because a consumer was slow, as gaps: as exact as the blocks were. */
final class ConsumerGaps {
  private ConsumerGaps() {}

  /** The gap that a block leaves. Where its stamps are explicit it ends with the last one. */
  static Gap of(SampleBlock block) {
    boolean isTimed = block.hasTicks();
    return new Gap(
        Reason.CONSUMER,
        block.row(),
        block.row() + block.count(),
        isTimed,
        isTimed ? block.tick(0) : 0,
        isTimed ? block.tick(block.count() - 1) + block.deltaTicks() : 0);
  }

  /** Whether a gap and the one behind it leave no row between them, and none is counted anew. */
  static boolean areOne(Gap first, Gap second) {
    return first.toRow() == second.fromRow() && first.rows() > 0 && second.rows() > 0;
  }

  /** One gap from the beginning of the one to the end of the other. */
  static Gap joined(Gap first, Gap second) {
    boolean isTimed = first.isTimeKnown() && second.isTimeKnown();
    return new Gap(
        Reason.CONSUMER,
        first.fromRow(),
        second.toRow(),
        isTimed,
        isTimed ? first.fromTick() : 0,
        isTimed ? second.toTick() : 0);
  }

  /** The gap, with its end as exact as the block behind it tells. */
  static Gap before(Gap gap, SampleBlock next) {
    boolean tells =
        gap.reason() == Reason.CONSUMER
            && gap.isTimeKnown()
            && next.hasTicks()
            && gap.toRow() == next.row();
    return tells
        ? new Gap(gap.reason(), gap.fromRow(), gap.toRow(), true, gap.fromTick(), next.tick(0))
        : gap;
  }
}
