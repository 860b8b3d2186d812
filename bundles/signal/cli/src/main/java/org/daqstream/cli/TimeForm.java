/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.time.Instant;
import org.daqstream.sample.support.Format;

/** How the times of samples are written. */
enum TimeForm {
  /** In UTC with nanoseconds; numbers with a unit for domains that are no time. */
  ISO("time"),
  /** Nanoseconds since 1970-01-01T00:00:00Z; nothing for domains that are no time. */
  NS("time_ns"),
  /** The device's own numbers. */
  TICKS("tick");

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final String heading;

  TimeForm(String heading) {
    this.heading = heading;
  }

  /** Nanoseconds since 1970 as a time. */
  static String isoOf(long nanos) {
    return Format.time(
        Instant.ofEpochSecond(
            Math.floorDiv(nanos, NANOS_PER_SECOND), Math.floorMod(nanos, NANOS_PER_SECOND)));
  }

  /** Of the column of a table, and the key in an object. */
  String heading() {
    return heading;
  }
}
