/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.daqstream.base.support.LimitedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what is dropped and says so: at once, then every ten seconds. Thread-safe. */
final class DropLog {
  private static final Logger LOG = LoggerFactory.getLogger(DropLog.class);
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String name;
  private final Consumer<String> logger;
  private final LimitedLog log;

  DropLog(String name) {
    this(name, LOG::warn, System::nanoTime);
  }

  DropLog(String name, Consumer<String> logger, LongSupplier nanoTime) {
    this.name = name;
    this.logger = logger;
    log = new LimitedLog(logger, 1, INTERVAL_NANOS, nanoTime);
  }

  void drop(String cause) {
    log.say(more -> name + ": " + dropped() + " dropped so far, the last one because " + cause);
  }

  /** Says at the end what was not said yet. */
  void close() {
    if (log.leftOut() > 0) {
      logger.accept(name + ": " + dropped() + " dropped in all");
    }
  }

  long dropped() {
    return log.count();
  }
}
