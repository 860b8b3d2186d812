/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.player.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** Where to go on in what is played: at the first row there, or behind it. */
public sealed interface SeekTarget {
  /**
   * At a time, as it was when it was recorded.
   *
   * @param time when
   */
  record At(Instant time) implements SeekTarget {
    /** Takes any time. */
    public At {
      Objects.requireNonNull(time);
    }
  }

  /**
   * So far from the beginning of what was recorded.
   *
   * @param passed how far
   */
  record FromBeginning(Duration passed) implements SeekTarget {
    /** Takes any length. */
    public FromBeginning {
      Objects.requireNonNull(passed);
    }
  }

  /**
   * So far from the row that was played last.
   *
   * @param distance how far; negative for backwards
   */
  record By(Duration distance) implements SeekTarget {
    /** Takes any length. */
    public By {
      Objects.requireNonNull(distance);
    }
  }

  /**
   * At a row, by its number when it was recorded.
   *
   * @param row which
   */
  record Row(long row) implements SeekTarget {}
}
