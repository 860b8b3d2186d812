/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

/**
 * Takes the samples of a subscription. Its methods are called one at a time, in the order of what
 * came, by the executor of the {@link SubscriptionOptions}; what they throw is counted, told to the
 * {@link ConnectionListener}, and ends nothing.
 */
@FunctionalInterface
public interface SampleListener {
  /**
   * Samples that follow those before without a gap: a packet of the device, or several that arrived
   * together.
   *
   * @param block may be kept, except with {@link SubscriptionOptions#isDirect}
   */
  void block(SampleBlock block);

  /**
   * Something is missing, or time jumped, in front of the next block.
   *
   * @param gap what, and why
   */
  default void gap(Gap gap) {}

  /**
   * The signal is described, for the first time or anew; the blocks that follow are of this kind.
   *
   * @param signal the description
   */
  default void described(RemoteSignal signal) {}

  /**
   * Nothing comes for now: the connection is interrupted, or the device withdrew the signal or
   * ended the subscription, which is asked for again. When it is there again blocks go on, behind a
   * gap.
   *
   * @param why in words
   */
  default void interrupted(String why) {}

  /**
   * Nothing comes any more: closed by this side, or ended by {@link SlowConsumer#END}.
   *
   * @param why in words
   */
  default void ended(String why) {}
}
