/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.util.List;
import java.util.function.Consumer;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.base.support.SteadyClock;
import org.daqstream.stream.api.StreamDirection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The host as one code of an instance sees it: with a timer and arguments of its own. */
final class CodeHost implements ModuleSide {
  private static final int DEBUG = 0;
  private static final int INFO = 1;
  private static final int WARN = 2;
  private static final long FLUSH_LIMIT_MS = 60_000;

  private final Logger log;
  private final ModuleSettings settings;
  private final ModuleStreams streams;
  private final CallGuard guard;
  private final OrderedTasks timing;
  private final Consumer<CodeHost> onTimer;
  private final SteadyClock clock = new SteadyClock();
  private final LimitedLog lines;
  private int level; // of the line that is said
  private Runnable pending = () -> {}; // takes the timer back

  /**
   * Without a timer.
   *
   * @param onTimer called when the time of the module has come, by the thread of the tasks
   */
  CodeHost(
      ModuleSettings settings,
      ModuleStreams streams,
      CallGuard guard,
      OrderedTasks timing,
      Consumer<CodeHost> onTimer) {
    this.log = LoggerFactory.getLogger("org.daqstream.module." + settings.instance());
    this.settings = settings;
    this.streams = streams;
    this.guard = guard;
    this.timing = timing;
    this.onTimer = onTimer;
    this.lines = new LimitedLog(this::write, settings.logLinesPerMinute());
  }

  @Override
  public int open(String name, StreamDirection direction) {
    long begun = System.nanoTime();
    int handle = streams.open(name, direction);
    guard.forgive(System.nanoTime() - begun);
    return handle;
  }

  @Override
  public int write(int handle, byte[] message) {
    return streams.write(handle, message).number();
  }

  @Override
  public int close(int handle, int flushMs) {
    long begun = System.nanoTime();
    int result = streams.close(handle, Math.min(Math.max(0, flushMs), FLUSH_LIMIT_MS)).number();
    guard.forgive(System.nanoTime() - begun);
    return result;
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
    this.level = level;
    lines.say(() -> line);
    return 0;
  }

  private void write(String line) {
    switch (level) {
      case DEBUG -> log.debug(line);
      case INFO -> log.info(line);
      case WARN -> log.warn(line);
      default -> log.error(line);
    }
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
