/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.io.IOException;

/** One group of measured signals; it owns their ports. One thread only. */
interface Measurement extends AutoCloseable {
  /**
   * Measures and writes one row of every signal of the group. A signal that has no value yet (a
   * rate whose window is not full) leaves the row out.
   *
   * @param tick time of the row, in nanoseconds since 1970-01-01
   * @param nowNanos time of the measurement on the monotonic clock, for rates
   * @throws IOException when the system does not give the values
   */
  void sample(long tick, long nowNanos) throws IOException;

  /** Withdraws the signals. */
  @Override
  void close();
}
