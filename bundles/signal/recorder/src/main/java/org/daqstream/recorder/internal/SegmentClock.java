/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.time.Clock;
import java.util.concurrent.TimeUnit;

/** Stretches of time that have a file of their own, counted from 1970: hours begin at the hour. */
record SegmentClock(Clock clock, int seconds) {
  /** The present one; always the same when there are none. */
  long now() {
    return seconds == 0 ? 0 : TimeUnit.MILLISECONDS.toSeconds(clock.millis()) / seconds;
  }
}
