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
   * Of a domain signal: only the start of a line is transferred; the value of row {@code r} is
   * {@code start + deltaTicks * (r - startRow)}.
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

  /**
   * Of a value signal: a block is given by its first sample alone, the others follow at equal
   * distances. For integers of up to 64 bits and reals without dimensions. Clients get the samples
   * one by one, as with the explicit rule, because the known ones cannot read lines of values.
   *
   * @param delta distance of two neighbouring samples, before post-scaling; finite, and for an
   *     integer type a whole number of at most {@value #WHOLE_LIMIT} either way
   */
  record LinearValue(double delta) implements Rule {
    /** Up to here a {@code double} holds every whole number. */
    public static final long WHOLE_LIMIT = 1L << 53;

    /** Refuses what is no number. */
    public LinearValue {
      if (!Double.isFinite(delta)) {
        throw new IllegalArgumentException("linear rule: delta must be finite, not " + delta);
      }
    }

    /** Whether integers can lie on the line. */
    public boolean isWhole() {
      return delta == Math.rint(delta) && Math.abs(delta) <= WHOLE_LIMIT;
    }

    /**
     * {@return a sample of a real type: {@code start + delta * rows}, rounded as a {@code double};
     * errors do not add up}
     *
     * @param start the first sample
     * @param rows how many rows behind it
     */
    public double valueAt(double start, long rows) {
      return start + delta * rows;
    }

    /**
     * {@return a sample of an integer type: {@code start + delta * rows}; beyond the range of the
     * type it goes on at the other end, as a counter does}
     *
     * @param start the first sample; the bits of an unsigned number
     * @param rows how many rows behind it
     */
    public long valueAt(long start, long rows) {
      return start + ((long) delta) * rows;
    }
  }

  /** A value is transferred when it changes, and holds from its row on. */
  record Constant() implements Rule {}

  /** The rule of most value signals. */
  Rule EXPLICIT = new Explicit();

  /** The rule of values that seldom change. */
  Rule CONSTANT = new Constant();
}
