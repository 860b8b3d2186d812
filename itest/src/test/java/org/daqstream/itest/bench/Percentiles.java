/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

/**
 * Times that 50, 99 and 99.9 % of the measured ones do not exceed.
 *
 * @param p50 nanoseconds
 * @param p99 nanoseconds
 * @param p999 nanoseconds
 */
record Percentiles(long p50, long p99, long p999) {
  /** Reads what {@link #toWords} wrote. */
  static Percentiles parse(String words) {
    String[] each = words.split(" ", -1);
    return new Percentiles(
        Long.parseLong(each[0]), Long.parseLong(each[1]), Long.parseLong(each[2]));
  }

  String toWords() {
    return p50 + " " + p99 + " " + p999;
  }
}
