/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what is dropped and says so in the log: at once, then every ten seconds. Thread-safe. */
final class DropLog {

  private static final Logger LOG = LoggerFactory.getLogger(DropLog.class);
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String name;
  private final LongSupplier nanoTime;
  private long dropped;
  private long reported;
  private long reportedAtNanos;

  DropLog(String name) {
    this(name, System::nanoTime);
  }

  DropLog(String name, LongSupplier nanoTime) {
    this.name = name;
    this.nanoTime = nanoTime;
  }

  /**
   * Counts one.
   *
   * @return whether this call logged
   */
  boolean drop(String cause) {
    long now = nanoTime.getAsLong();
    long total;
    synchronized (this) {
      dropped++;
      if (reported > 0 && now - reportedAtNanos < INTERVAL_NANOS) {
        return false;
      }
      reportedAtNanos = now;
      reported = dropped;
      total = dropped;
    }
    LOG.warn("{}: {} dropped so far, the last one because {}", name, total, cause);
    return true;
  }

  /** Says at the end what was not said yet. */
  void close() {
    long total;
    synchronized (this) {
      total = dropped > reported ? dropped : 0;
      reported = dropped;
    }
    if (total > 0) {
      LOG.warn("{}: {} dropped in all", name, total);
    }
  }

  synchronized long dropped() {
    return dropped;
  }
}
