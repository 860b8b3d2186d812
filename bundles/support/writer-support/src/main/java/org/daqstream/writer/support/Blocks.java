/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.support;

/** What every writer checks of a block that it is given. */
public final class Blocks {
  private Blocks() {}

  /**
   * Refuses a block that is not within what was given.
   *
   * @param held the number of samples given
   */
  public static void checkWithin(int held, String signalId, int offset, int count) {
    if ((offset | count) < 0 || count > held - offset) {
      throw new IndexOutOfBoundsException(
          "signal %s: block of %s samples at %s is not within the %s samples given"
              .formatted(signalId, count, offset, held));
    }
  }

  /** The size of an encoded block, which no buffer would hold if it is no {@code int}. */
  public static int checkedBytes(long bytes, String signalId) {
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "signal %s: block of %s bytes: write smaller blocks".formatted(signalId, bytes));
    }
    return (int) bytes;
  }
}
