/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.health.internal;

import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.daqstream.recorder.api.Recorder;
import org.daqstream.recorder.api.RecorderStatus;

/** Whether recorders write what they should, and left nothing out in the last minute. */
final class RecordersCheck implements HealthCheck {
  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** How many samples were lost, and when that was first seen. */
  private record Lost(long samples, long nanoTime) {}

  private final List<Recorder> recorders;
  private final LongSupplier nanoTime;
  private final Map<Recorder, Lost> lost = new WeakHashMap<>();

  RecordersCheck(List<Recorder> recorders, LongSupplier nanoTime) {
    this.recorders = recorders;
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized Result execute() {
    FormattingResultLog log = new FormattingResultLog();
    for (Recorder each : recorders) {
      check(each, each.status(), log);
    }
    if (recorders.isEmpty()) {
      log.info("there is no recorder");
    }
    return new Result(log);
  }

  private void check(Recorder recorder, RecorderStatus status, FormattingResultLog log) {
    String name = recorder.name();
    if (status.state().isTrouble()) {
      log.critical("recorder {} leaves out samples: {} {}", name, status.state(), status.reason());
    } else if (!status.reason().isEmpty()) {
      log.warn("recorder {}: {}", name, status.reason());
    } else {
      log.info("recorder {}: {}", name, status.state());
    }
    long now = nanoTime.getAsLong();
    Lost before = lost.get(recorder);
    if (before == null || status.lostSamples() > before.samples()) {
      long seen = status.lostSamples() == 0 ? now - MINUTE_NANOS : now;
      lost.put(recorder, new Lost(status.lostSamples(), seen));
    }
    if (now - lost.get(recorder).nanoTime() < MINUTE_NANOS) {
      log.warn(
          "recorder {} left out samples in the last minute, {} by now", name, status.lostSamples());
    }
  }
}
