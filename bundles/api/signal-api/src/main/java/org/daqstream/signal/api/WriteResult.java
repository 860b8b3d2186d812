/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

/** What became of a written block. None of these is worth an exception; all of them are counted. */
public enum WriteResult {
  /** At least one subscriber will get the block, or be disconnected with a reason. */
  ACCEPTED,
  /** Nobody listens to this signal now; the rows are counted and nothing else is done. */
  NO_SUBSCRIBER,
  /** No writer for the signal's data type is installed; see {@link SignalRegistry#signals()}. */
  NO_WRITER,
  /** The block is larger than a sink can hold and was dropped whole: write smaller blocks. */
  TOO_LARGE,
  /**
   * The signal's writer or a sink failed on the block, which is a hole for its subscribers. The
   * first failure with each writer is logged; go on writing.
   */
  FAILED,
  /** The port or its table is closed: stop writing. */
  CLOSED
}
