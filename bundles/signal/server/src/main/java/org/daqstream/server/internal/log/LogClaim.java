/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

/** A place claimed in the {@link SharedLog}; each publishing thread of a table reuses its own. */
final class LogClaim {
  Chunk chunk;
  long sequence;
  int index;
  int offset;
  int bytes;
}
