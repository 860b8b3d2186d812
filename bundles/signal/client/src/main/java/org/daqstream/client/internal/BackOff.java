/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** How long to wait before connecting again: longer each time, unless a connection has lasted. */
final class BackOff {
  private final long minMs;
  private final long maxMs;
  private final SplittableRandom random = new SplittableRandom();
  private long pauseMs;

  BackOff(long minMs, long maxMs) {
    this.minMs = minMs;
    this.maxMs = maxMs;
    pauseMs = minMs;
  }

  /**
   * Nanoseconds to wait behind a connection; many clients of a device do not come at once.
   *
   * @param wasGreeted whether the device has greeted on it
   */
  long nextNanos(boolean wasGreeted, long livedNanos) {
    // One that greets and closes at once is no better than one that does not greet.
    boolean hasLasted = wasGreeted && livedNanos >= TimeUnit.MILLISECONDS.toNanos(pauseMs);
    long now = hasLasted ? minMs : pauseMs;
    pauseMs = Math.min(2 * now, maxMs);
    return TimeUnit.MILLISECONDS.toNanos(now / 2 + random.nextLong(now / 2 + 1));
  }
}
