/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.util.Map;
import org.daqstream.config.support.Values;

/** What the configuration says, see {@link RegisterComponent.Config}. */
record Settings(
    boolean strictTypes,
    int queueMessages,
    long queueBytes,
    long flushTimeoutMs,
    long leaveTimeoutMs) {
  static final Settings DEFAULTS = of(Values.of(RegisterComponent.Config.class, Map.of()));

  static Settings of(Values values) {
    return new Settings(
        values.flag("strictTypes"),
        values.integer("queueMessages"),
        values.whole("queueBytes"),
        values.whole("flushTimeoutMs"),
        values.whole("leaveTimeoutMs"));
  }
}
