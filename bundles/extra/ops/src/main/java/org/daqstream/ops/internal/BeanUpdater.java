/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.daqstream.base.support.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the MBeans new values every few seconds, on the only thread here. */
final class BeanUpdater {
  private static final Logger LOG = LoggerFactory.getLogger(BeanUpdater.class);

  private final Supplier<Metrics> metrics;
  private final Beans beans;
  private Worker worker; // null before the start
  private boolean saidFailed;

  BeanUpdater(Supplier<Metrics> metrics, Beans beans) {
    this.metrics = metrics;
    this.beans = beans;
  }

  /** The first values come after an interval: at the start of a runtime others have to do. */
  void start(int intervalMs) {
    long intervalNanos = TimeUnit.MILLISECONDS.toNanos(intervalMs);
    worker =
        Worker.start(
            "daqstream-ops",
            self -> {
              self.rest(intervalNanos);
              self.repeat(
                  () -> {
                    update();
                    saidFailed = false;
                    return intervalNanos;
                  },
                  fault -> failed(self, fault));
            });
  }

  private void failed(Worker self, Throwable fault) {
    if (self.isWanted() && !saidFailed) {
      saidFailed = true;
      LOG.warn("metrics cannot be sampled, more failures are not said: {}", fault.toString());
    }
    LOG.debug("no sample this time", fault);
  }

  void update() {
    beans.update(BeanValues.of(metrics.get()));
  }

  /** Ends the thread if there is one, waits for that, and unregisters the beans. */
  void stop() {
    if (worker != null) {
      worker.stop();
    }
    beans.clear();
  }
}
