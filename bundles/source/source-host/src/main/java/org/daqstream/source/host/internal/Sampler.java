/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.base.support.SteadyClock;
import org.daqstream.base.support.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that measures: it waits for the next point of the grid, then writes one row. */
final class Sampler {
  private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);

  private final List<Group> groups;
  private final List<Measurement> measurements;
  private final boolean[] failing;
  private final SampleClock clock;
  private final WallClockWatch watch = new WallClockWatch(new LimitedLog(LOG::warn, 1));
  private final LimitedLog missed = new LimitedLog(LOG::warn, 1);
  private final Worker worker;

  Sampler(Map<Group, Measurement> measurements, long deltaNanos) {
    groups = List.copyOf(measurements.keySet());
    this.measurements = List.copyOf(measurements.values());
    failing = new boolean[measurements.size()];
    clock = new SampleClock(deltaNanos, SteadyClock.nanos(Instant.now()));
    worker =
        Worker.start(
            "daqstream-host",
            self -> self.repeat(this::step, fault -> LOG.error("a row is left out", fault)));
  }

  void stop() {
    worker.stop();
  }

  private long step() {
    long beforeNanos = System.nanoTime();
    long wallNanos = SteadyClock.nanos(Instant.now());
    if (watch.hasStepped(beforeNanos, wallNanos, System.nanoTime())) {
      clock.restart(wallNanos);
    }
    long waitNanos = clock.nanosUntilDue(wallNanos);
    if (waitNanos == 0) {
      sampleAll(clock.take(), System.nanoTime());
    }
    return waitNanos;
  }

  private void sampleAll(long tick, long nowNanos) {
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
    if (clock.hasMissedRows()) {
      missed.say(
          more ->
              clock.takeMissedRows()
                  + " rows left out since the last report: too late to be sampled");
    }
  }
}
