/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

/**
 * How a raw sample becomes a physical value: {@code value = scale * raw + offset}. The signal's
 * unit and range are those of the value.
 *
 * @param offset added after scaling
 * @param scale multiplies the raw sample; not zero
 */
public record PostScaling(double offset, double scale) {
  /** Refuses a scale that makes every value the same. */
  public PostScaling {
    if (scale == 0 || !Double.isFinite(scale) || !Double.isFinite(offset)) {
      throw new IllegalArgumentException(
          "postScaling: scale must be finite and not 0, offset finite; not scale=%s offset=%s"
              .formatted(scale, offset));
    }
  }
}
