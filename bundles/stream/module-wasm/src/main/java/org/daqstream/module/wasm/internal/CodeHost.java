/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.util.List;
import java.util.function.Consumer;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.base.support.SteadyClock;
import org.daqstream.stream.api.StreamDirection;

/** The host as one code of an instance sees it: with a timer and arguments of its own. */
final class CodeHost implements ModuleSide {
  private static final long FLUSH_LIMIT_MS = 60_000;

  private final ModuleLog log;
  private final ModuleSettings settings;
  private final ModuleStreams streams;
  private final OrderedTasks timing;
  private final Consumer<CodeHost> onTimer;
  private final SteadyClock clock = new SteadyClock();
  private Runnable pending = () -> {}; // takes the timer back

  /**
   * Without a timer.
   *
   * @param onTimer called when the time of the module has come, by the thread of the tasks
   */
  CodeHost(
      ModuleSettings settings,
      ModuleStreams streams,
      OrderedTasks timing,
      Consumer<CodeHost> onTimer) {
    this.log = new ModuleLog(settings);
    this.settings = settings;
    this.streams = streams;
    this.timing = timing;
    this.onTimer = onTimer;
  }

  @Override
  public int open(String name, StreamDirection direction) {
    return streams.open(name, direction);
  }

  @Override
  public int write(int handle, byte[] message) {
    return streams.write(handle, message).number();
  }

  @Override
  public int close(int handle, int flushMs) {
    return streams.close(handle, Math.min(Math.max(0, flushMs), FLUSH_LIMIT_MS)).number();
  }

  @Override
  public List<String> arguments() {
    return settings.arguments();
  }

  @Override
  public long wallNanos() {
    return clock.getAsLong();
  }

  @Override
  public long log(int level, String line) {
    log.say(level, line);
    return 0;
  }

  @Override
  public long timer(int ms) {
    pending.run();
    pending = ms > 0 ? timing.after(ms, () -> onTimer.accept(this)) : () -> {};
    return 0;
  }

  /** The code is no more. */
  void dispose() {
    pending.run();
  }
}
