/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
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

  /** Nobody says when a signal goes: its writer is forgotten with it. */
  private final Set<WasmSignalWriter> writers =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private volatile boolean awake;
  private int idleTicks; // by the thread of the tasks

  CallWatch(OrderedTasks timing, Supplier<? extends Collection<ModuleInstance>> instances) {
    this.timing = timing;
    this.instances = instances;
  }

  /** Looks after the calls of a writer, too, as long as there is somebody who has it. */
  void add(WasmSignalWriter writer) {
    writers.add(writer);
  }

  /** Ends the calls of all writers: nobody will look any more. */
  void close() {
    writers().forEach(WasmSignalWriter::close);
  }

  private List<WasmSignalWriter> writers() {
    synchronized (writers) {
      return List.copyOf(writers);
    }
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
    idleTicks = isCalled() ? 1 : idleTicks + 1;
    if (idleTicks > IDLE_TICKS) {
      awake = false;
      idleTicks = 0;
      if (!isCalled()) {
        return;
      }
      awake = true; // it began while this was about to rest
      idleTicks = 1;
    }
    timing.after(TICK_MS, this::tick);
  }

  /** Looks at all, and tells whether there is a call. */
  private boolean isCalled() {
    long now = System.nanoTime();
    boolean isCalled = false;
    for (ModuleInstance each : instances.get()) {
      isCalled |= each.look(now);
    }
    for (WasmSignalWriter each : writers()) {
      isCalled |= each.look(now);
    }
    return isCalled;
  }
}
