/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.util.concurrent.Executor;

/**
 * How a signal is subscribed and delivered. Immutable; begin with {@link #DEFAULT}.
 *
 * @param contract what is asked of the device behind the signal's id (protocol section 2.7), empty
 *     for every sample; devices that know no contracts deliver every sample
 * @param queueLimitBytes samples that wait for the listener at most, in bytes; a block that is
 *     larger is queued alone
 * @param slowConsumer what happens then
 * @param executor carries out the listener's methods, one at a time and in order; {@code null} for
 *     the client's own threads, which are few: a listener that waits long has an executor of its
 *     own
 * @param isDirect whether the thread that reads the connection calls the listener itself: the
 *     fastest way, without a queue, for listeners that never wait. A block is then valid during the
 *     call only
 * @param isEachPacket whether each packet of the device is a block by itself; else small ones that
 *     arrived together are one block, which costs much less
 */
public record SubscriptionOptions(
    String contract,
    int queueLimitBytes,
    SlowConsumer slowConsumer,
    Executor executor,
    boolean isDirect,
    boolean isEachPacket) {
  private static final int PER_SECOND_MAX = 1000;

  /** Every sample, 8 MiB of queue, {@link SlowConsumer#DROP_OLDEST}. */
  public static final SubscriptionOptions DEFAULT =
      new SubscriptionOptions("", 8 << 20, SlowConsumer.DROP_OLDEST, null, false, false);

  /** Refuses a queue for nothing. */
  public SubscriptionOptions {
    if (queueLimitBytes < 1) {
      throw new IllegalArgumentException("queueLimitBytes must be > 0: " + queueLimitBytes);
    }
  }

  private SubscriptionOptions contract(String newContract) {
    return new SubscriptionOptions(
        newContract, queueLimitBytes, slowConsumer, executor, isDirect, isEachPacket);
  }

  /** {@return the same, but with holes instead of a disconnection when too slow} */
  public SubscriptionOptions withGaps() {
    return contract("contract=gap");
  }

  /** {@return the same, but with the newest sample only, so often in a second at most} */
  public SubscriptionOptions latest(int perSecond) {
    return contract("contract=latest&perSecond=" + checked(perSecond));
  }

  /** {@return the same, but with so many points in a second at most: structs with the extremes} */
  public SubscriptionOptions envelope(int perSecond) {
    return contract("contract=envelope&perSecond=" + checked(perSecond));
  }

  private static int checked(int perSecond) {
    if (perSecond < 1 || perSecond > PER_SECOND_MAX) {
      throw new IllegalArgumentException("perSecond must be 1 to 1000: " + perSecond);
    }
    return perSecond;
  }

  /** {@return the same with another queue} */
  public SubscriptionOptions queue(int limitBytes, SlowConsumer whenFull) {
    return new SubscriptionOptions(
        contract, limitBytes, whenFull, executor, isDirect, isEachPacket);
  }

  /** {@return the same, delivered by another executor} */
  public SubscriptionOptions executor(Executor newExecutor) {
    return new SubscriptionOptions(
        contract, queueLimitBytes, slowConsumer, newExecutor, false, isEachPacket);
  }

  /** {@return the same, delivered by the thread that reads the connection} */
  public SubscriptionOptions direct() {
    return new SubscriptionOptions(
        contract, queueLimitBytes, slowConsumer, null, true, isEachPacket);
  }

  /** {@return the same, with a block for each packet of the device} */
  public SubscriptionOptions eachPacket() {
    return new SubscriptionOptions(
        contract, queueLimitBytes, slowConsumer, executor, isDirect, true);
  }
}
