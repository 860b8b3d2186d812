/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that measures: it waits for the next point of the grid, then writes one row. */
final class Sampler {
  private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);
  private static final long STOP_LIMIT_MS = 5_000;
  private static final long FAULT_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long REPORT_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final List<Group> groups;
  private final List<Measurement> measurements;
  private final boolean[] failing;
  private final SampleClock clock;
  private final WallClockWatch watch = new WallClockWatch(LOG::warn);
  private final Thread thread = new Thread(this::run, "daqstream-host");
  private volatile boolean running = true;
  private long lastReportNanos = System.nanoTime() - REPORT_NANOS;

  Sampler(Map<Group, Measurement> measurements, long deltaNanos) {
    groups = List.copyOf(measurements.keySet());
    this.measurements = List.copyOf(measurements.values());
    failing = new boolean[measurements.size()];
    clock = new SampleClock(deltaNanos, wallNanos());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Ends the thread and waits for it. */
  void stop() {
    running = false;
    LockSupport.unpark(thread);
    try {
      thread.join(STOP_LIMIT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (running) {
      long beforeNanos = System.nanoTime();
      long wallNanos = wallNanos();
      if (watch.hasStepped(beforeNanos, wallNanos, System.nanoTime())) {
        clock.restart(wallNanos);
      }
      long waitNanos = clock.nanosUntilDue(wallNanos);
      if (waitNanos > 0) {
        LockSupport.parkNanos(this, waitNanos);
      } else {
        sampleSafely();
      }
    }
  }

  /** Whatever is wrong now, the next row is tried. */
  private void sampleSafely() {
    try {
      sampleAll(clock.take(), System.nanoTime());
    } catch (RuntimeException | Error e) {
      LOG.error("a row is left out", e);
      LockSupport.parkNanos(this, FAULT_PAUSE_NANOS);
    }
  }

  void sampleAll(long tick, long nowNanos) {
    for (int i = 0; i < failing.length; i++) {
      try {
        measurements.get(i).sample(tick, nowNanos);
        failing[i] = false;
      } catch (IOException | RuntimeException | Error e) {
        if (!failing[i]) {
          LOG.warn("group {}: rows are left out until it can be read", groups.get(i).key(), e);
        }
        failing[i] = true;
      }
    }
    if (nowNanos - lastReportNanos >= REPORT_NANOS) {
      lastReportNanos = nowNanos;
      long missedRows = clock.takeMissedRows();
      if (missedRows > 0) {
        LOG.warn("{} rows left out since the last report: too late to be sampled", missedRows);
      }
    }
  }

  private static long wallNanos() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }
}
