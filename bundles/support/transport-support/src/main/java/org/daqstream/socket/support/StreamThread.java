/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import org.daqstream.base.support.Worker;
import org.daqstream.stream.api.StreamException;

/** An open stream with a thread of its own. */
interface StreamThread {
  /**
   * Starts the thread, once.
   *
   * @throws StreamException when the stream cannot be opened; it is closed then
   */
  void start() throws StreamException;

  /** Closes the stream without waiting for what is queued. */
  void giveUp();

  Worker worker();
}
