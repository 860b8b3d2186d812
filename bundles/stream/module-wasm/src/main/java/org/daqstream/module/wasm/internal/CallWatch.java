/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.util.Collection;
import java.util.function.Supplier;
import org.daqstream.base.support.OrderedTasks;

/**
 * Looks every few milliseconds whether a call takes too long, as long as there are calls; then it
 * rests, until the next call wakes it.
 */
final class CallWatch {
  private static final long TICK_MS = 20;

  /** So many looks without a call before it rests. */
  private static final int IDLE_TICKS = 50;

  private final OrderedTasks timing;
  private final Supplier<? extends Collection<ModuleInstance>> instances;
  private volatile boolean awake;
  private int idleTicks; // by the thread of the tasks

  CallWatch(OrderedTasks timing, Supplier<? extends Collection<ModuleInstance>> instances) {
    this.timing = timing;
    this.instances = instances;
  }

  /** A call has begun. */
  void wake() {
    if (!awake) {
      awake = true;
      timing.execute(this::start);
    }
  }

  private void start() {
    if (idleTicks == 0) {
      idleTicks = 1;
      tick();
    }
  }

  private void tick() {
    long now = System.nanoTime();
    boolean called = false;
    for (ModuleInstance each : instances.get()) {
      called |= each.look(now);
    }
    idleTicks = called ? 1 : idleTicks + 1;
    if (idleTicks > IDLE_TICKS) {
      awake = false;
      idleTicks = 0;
      if (instances.get().stream().noneMatch(each -> each.look(now))) {
        return;
      }
      awake = true; // it began while this was about to rest
      idleTicks = 1;
    }
    timing.after(TICK_MS, this::tick);
  }
}
