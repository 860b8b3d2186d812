/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.util.List;

/** Hears of the connection. Called by the client's own threads, which wait for it: return soon. */
public interface ConnectionListener {
  /** The device has greeted; also after each interruption. */
  default void connected() {}

  /**
   * The connection is gone, or could not be made; the client tries again unless told not to.
   *
   * @param why in words, without characters that steer a terminal
   */
  default void disconnected(String why) {}

  /**
   * The device offers signals.
   *
   * @param signalIds those that are new
   */
  default void available(List<String> signalIds) {}

  /**
   * The device withdraws signals.
   *
   * @param signalIds those that are gone
   */
  default void unavailable(List<String> signalIds) {}

  /**
   * Something is wrong that ends nothing: a packet that could not be read, a command that was
   * refused, a listener that threw.
   *
   * @param what in words, without characters that steer a terminal
   */
  default void problem(String what) {}
}
