/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.daqstream.ops.api.Metric;
import org.daqstream.ops.api.MetricListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a sample every few seconds, for the MBeans and the listeners; the only thread here. */
final class Sampler {
  private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);
  private static final int STOP_TIMEOUT_MS = 10_000;

  private final Supplier<Metrics> metrics;
  private final List<MetricListener> listeners;
  private final Beans beans;
  private final LongSupplier nanoTime;
  private final Rates rates = new Rates();
  private final Set<MetricListener> failed = ConcurrentHashMap.newKeySet();
  private final Thread thread = new Thread(this::run, "daqstream-ops");
  private int intervalMs;
  private boolean saidFailed;
  private volatile boolean running = true;

  /** With {@code null} for the beans there are none. */
  Sampler(
      Supplier<Metrics> metrics,
      List<MetricListener> listeners,
      Beans beans,
      LongSupplier nanoTime) {
    this.metrics = metrics;
    this.listeners = listeners;
    this.beans = beans;
    this.nanoTime = nanoTime;
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
    if (beans == null && listeners.isEmpty()) {
      return;
    }
    final Metrics now = metrics.get();
    if (beans != null) {
      rates.update(now, nanoTime.getAsLong());
      beans.update(BeanValues.of(now, rates));
    }
    final List<Metric> list = now.toList();
    failed.retainAll(listeners);
    for (MetricListener listener : listeners) {
      try {
        listener.sampled(list);
      } catch (RuntimeException | LinkageError e) {
        if (failed.add(listener)) {
          LOG.warn("listener {} failed; more failures are not said", listener.getClass(), e);
        }
      }
    }
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
    if (beans != null) {
      beans.clear();
    }
  }
}
