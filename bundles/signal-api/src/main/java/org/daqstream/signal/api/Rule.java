/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

/** How the values of a signal follow from what is transferred (protocol section 3.5). */
public sealed interface Rule {

  /** Every sample is transferred. */
  record Explicit() implements Rule {}

  /**
   * Only the start of a line is transferred: the value of row {@code r} is {@code start +
   * deltaTicks * (r - startRow)}.
   *
   * @param deltaTicks distance of two neighbouring rows, in ticks; greater than zero
   */
  record Linear(long deltaTicks) implements Rule {
    /** Refuses a distance that leaves time standing. */
    public Linear {
      if (deltaTicks <= 0) {
        throw new IllegalArgumentException(
            "linear rule: deltaTicks must be > 0, not " + deltaTicks);
      }
    }
  }

  /** A value is transferred when it changes, and holds from its row on. */
  record Constant() implements Rule {}

  /** The rule of most value signals. */
  Rule EXPLICIT = new Explicit();

  /** The rule of values that seldom change. */
  Rule CONSTANT = new Constant();
}
