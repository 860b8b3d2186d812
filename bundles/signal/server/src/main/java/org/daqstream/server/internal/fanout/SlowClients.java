/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

/** What becomes of a client that is further behind than the log reaches. */
public enum SlowClients {
  /** It is disconnected. */
  DISCONNECT,
  /** It goes on with the present; the hole is told in front of the next block. */
  GAP
}
