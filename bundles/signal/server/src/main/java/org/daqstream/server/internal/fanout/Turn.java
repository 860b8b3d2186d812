/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

/** How a client's turn ended. */
enum Turn {
  /** The client has everything. */
  IDLE,
  /** It waits for its socket. */
  BLOCKED,
  /** There is more to do, but first it is the others' turn. */
  MORE,
  /** It fell behind by more than the log holds. */
  TOO_SLOW
}
