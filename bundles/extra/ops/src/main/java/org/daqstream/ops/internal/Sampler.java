/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a sample every few seconds, for the MBeans; the only thread here. */
final class Sampler {
  private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);
  private static final int STOP_TIMEOUT_MS = 10_000;

  private final Supplier<Metrics> metrics;
  private final Beans beans;
  private final Thread thread = new Thread(this::run, "daqstream-ops");
  private int intervalMs;
  private boolean saidFailed;
  private volatile boolean running = true;

  Sampler(Supplier<Metrics> metrics, Beans beans) {
    this.metrics = metrics;
    this.beans = beans;
    thread.setDaemon(true);
  }

  /** The first sample comes after an interval: at the start of a runtime others have to do. */
  void start(int newIntervalMs) {
    intervalMs = newIntervalMs;
    thread.start();
  }

  private void run() {
    try {
      while (running) {
        Thread.sleep(intervalMs);
        sampleSafely();
      }
    } catch (InterruptedException e) {
      // told to stop
    }
  }

  /** Whatever is wrong now, the next sample is tried. */
  private void sampleSafely() {
    try {
      sample();
      saidFailed = false;
    } catch (RuntimeException | Error e) {
      if (running && !saidFailed) {
        saidFailed = true;
        LOG.warn("metrics cannot be sampled, more failures are not said: {}", e.toString());
      }
      LOG.debug("no sample this time", e);
    }
  }

  void sample() {
    beans.update(BeanValues.of(metrics.get()));
  }

  /** Ends the thread, waits for that, and unregisters the beans. */
  void stop() {
    running = false;
    thread.interrupt();
    try {
      thread.join(STOP_TIMEOUT_MS);
      if (thread.isAlive()) {
        LOG.warn("a sample is still being taken; it will be the last");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    beans.clear();
  }
}
