/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

/** How the times of samples are written. */
enum TimeForm {
  /** In UTC with nanoseconds; numbers with a unit for domains that are no time. */
  ISO("time"),
  /** Nanoseconds since 1970-01-01T00:00:00Z; nothing for domains that are no time. */
  NS("time_ns"),
  /** The device's own numbers. */
  TICKS("tick");

  private final String heading;

  TimeForm(String heading) {
    this.heading = heading;
  }

  /** Of the column of a table, and the key in an object. */
  String heading() {
    return heading;
  }
}
