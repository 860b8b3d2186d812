/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.util.concurrent.atomic.AtomicLong;

/** What an instance has done since it is there; any thread. */
final class ModuleCounters {
  private final AtomicLong busyNanos = new AtomicLong();
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong updates = new AtomicLong();

  /** Adds what the calls of the code have taken since this was asked last. */
  void busy(ModuleCode code) {
    busyNanos.addAndGet(code.takeBusyNanos());
  }

  void event() {
    events.incrementAndGet();
  }

  void failure() {
    failures.incrementAndGet();
  }

  void update() {
    updates.incrementAndGet();
  }

  long busyNanos() {
    return busyNanos.get();
  }

  long events() {
    return events.get();
  }

  long failures() {
    return failures.get();
  }

  long updates() {
    return updates.get();
  }
}
