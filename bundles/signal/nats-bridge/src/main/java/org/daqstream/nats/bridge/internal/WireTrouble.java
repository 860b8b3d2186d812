/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What was wrong with an import's connections, as a reason for what is missing. Under the lock of
 * the import.
 */
final class WireTrouble {
  private static final long LATELY_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final LongSupplier nanoTime;
  private long lostNanos;
  private long droppedBefore; // by connections that are gone
  private long droppedTold;
  private boolean hasNewDrops;
  private String last = "";
  private long lastNanos;

  /** There was no connection yet. */
  WireTrouble(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    lostNanos = nanoTime.getAsLong();
  }

  /** A connection is gone. */
  void lost(ImportWire wire) {
    droppedBefore += wire.dropped();
    lostNanos = nanoTime.getAsLong();
    note("the connection was lost");
  }

  /** How long there was none. */
  long silentNanos() {
    return nanoTime.getAsLong() - lostNanos;
  }

  /** Messages that came too fast so far, by a connection that may be {@code null}. */
  long dropped(ImportWire wire) {
    return droppedBefore + (wire == null ? 0 : wire.dropped());
  }

  /** How many of them are new since it was asked last. */
  long droppedSince(ImportWire wire) {
    long more = dropped(wire) - droppedTold;
    if (more > 0) {
      droppedTold += more;
      hasNewDrops = true;
      note(more + " messages came faster than they could be taken");
    }
    return more;
  }

  /** Whether messages were dropped since it was asked last. */
  boolean takeNewDrops() {
    boolean hadNewDrops = hasNewDrops;
    hasNewDrops = false;
    return hadNewDrops;
  }

  private void note(String what) {
    last = what;
    lastNanos = nanoTime.getAsLong();
  }

  /** What was wrong a short while ago; empty for nothing. */
  String lately() {
    return nanoTime.getAsLong() - lastNanos <= LATELY_NANOS ? last : "";
  }
}
