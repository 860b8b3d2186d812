/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Clocks and counters at a moment, to be subtracted from a later one.
 *
 * @param nanos wall clock
 * @param processCpuNanos CPU time of this process, in which the server runs
 * @param publisherCpuNanos the publishing thread's part of it
 * @param published blocks published
 * @param received packets that the sinks got
 */
record Snapshot(
    long nanos, long processCpuNanos, long publisherCpuNanos, long published, long received) {
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  static Snapshot take(Thread publisher, long published, long received) {
    return new Snapshot(
        System.nanoTime(),
        PROCESS.getProcessCpuTime(),
        publisher == null ? 0 : THREADS.getThreadCpuTime(publisher.getId()),
        published,
        received);
  }

  /** What happened since an earlier moment. */
  Snapshot since(Snapshot before) {
    return new Snapshot(
        nanos - before.nanos,
        processCpuNanos - before.processCpuNanos,
        publisherCpuNanos - before.publisherCpuNanos,
        published - before.published,
        received - before.received);
  }

  double receivedPerSecond() {
    return received * 1e9 / nanos;
  }

  double publishedPerSecond() {
    return published * 1e9 / nanos;
  }

  /** CPU time of the process without the publishing thread, for each packet delivered. */
  double serverNanosPerReceived() {
    return (double) (processCpuNanos - publisherCpuNanos) / Math.max(1, received);
  }

  double publisherNanosPerPublished() {
    return (double) publisherCpuNanos / Math.max(1, published);
  }
}
