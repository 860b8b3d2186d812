/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import org.daqstream.base.support.LimitedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines of an instance, in its name; not too many. One thread at a time says. */
final class ModuleLog {
  private static final int DEBUG = 0;
  private static final int INFO = 1;
  private static final int WARN = 2;

  private final Logger log;
  private final LimitedLog lines;
  private int level; // of the line that is said

  ModuleLog(ModuleSettings settings) {
    log = LoggerFactory.getLogger("org.daqstream.module." + settings.instance());
    lines = new LimitedLog(this::write, settings.logLinesPerMinute());
  }

  /** 0 is debug, 1 info, 2 a warning, all else an error. */
  void say(int lineLevel, String line) {
    level = lineLevel;
    lines.say(() -> line);
  }

  private void write(String line) {
    switch (level) {
      case DEBUG -> log.debug(line);
      case INFO -> log.info(line);
      case WARN -> log.warn(line);
      default -> log.error(line);
    }
  }
}
