/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.daqstream.config.support.Values;

/**
 * What is configured of one instance.
 *
 * @param file relative to the home of the runtime; empty: the one in the folder that is watched
 */
record ModuleSettings(
    String instance,
    String file,
    List<String> arguments,
    long memoryLimitBytes,
    int eventTimeMs,
    int backoffMaxMs,
    int logLinesPerMinute) {
  private static final int NAME_LIMIT = 255;

  /** Of a configuration, which has a name of its own. */
  static ModuleSettings of(Values values, String configurationName) {
    String instance =
        values.isSet("instance") || configurationName.isEmpty()
            ? values.text("instance", NAME_LIMIT)
            : configurationName;
    return new ModuleSettings(
        instance,
        values.text("file"),
        values.list("arguments"),
        values.whole("memoryLimitBytes"),
        values.integer("eventTimeMs"),
        values.integer("backoffMaxMs"),
        values.integer("logLinesPerMinute"));
  }

  long eventNanos() {
    return TimeUnit.MILLISECONDS.toNanos(eventTimeMs);
  }

  String overtime() {
    return "it took longer than eventTimeMs = " + eventTimeMs;
  }
}
