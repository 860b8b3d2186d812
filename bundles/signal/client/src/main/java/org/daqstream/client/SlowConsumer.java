/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

/** What happens when the queue of a subscription is full. */
public enum SlowConsumer {
  /**
   * Nothing is read from the device until there is room. All signals of the connection wait, and
   * the device may disconnect it, or leave out what it has said it would.
   */
  WAIT,
  /** The oldest blocks go; a {@link Gap} with reason {@code CONSUMER} stands in their place. */
  DROP_OLDEST,
  /** The new block goes; a {@link Gap} with reason {@code CONSUMER} stands in its place. */
  DROP_NEWEST,
  /** The subscription ends. */
  END
}
