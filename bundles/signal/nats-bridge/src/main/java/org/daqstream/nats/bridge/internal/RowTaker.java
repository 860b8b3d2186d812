/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

/** Where rows of a signal go in their order. Under the lock of the import. */
interface RowTaker {
  /** What is known of a description. */
  enum Knowledge {
    KNOWN,
    /** It may still come. */
    AWAITED,
    /** A later one has come in its place. */
    LOST
  }

  /** Whether blocks with a description can be taken. */
  Knowledge knows(long epoch, int description);

  /** Whether anything describes an epoch. */
  boolean isDescribed(long epoch);

  /** Whether a block can be what its description says; where not, that is told. */
  boolean fits(long epoch, HeldBlock block);

  /**
   * Takes a block.
   *
   * @param from how many of its first samples were taken already
   */
  void take(long epoch, HeldBlock block, int from);

  /**
   * Rows are given up.
   *
   * @param next the block behind them; {@code null} when none has come
   * @param why in words
   */
  void hole(long epoch, long fromRow, long toRow, HeldBlock next, String why);

  /** A description of an epoch was waited for long enough. */
  void notDescribed(long epoch);

  /** A block, all of which was there already or is of a life that is over, is left out. */
  void duplicate(HeldBlock block);
}
