/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.util.Set;
import org.daqstream.config.support.Values;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * A configuration that was found good.
 *
 * @param deltaNanos distance of two rows
 * @param groups what is measured
 */
record Settings(long deltaNanos, Set<Group> groups) {
  static Settings of(Values values) {
    return new Settings(
        Math.round(1e9 / values.integer("rateHz")), Group.of(values.list("groups")));
  }

  SignalDescriptor domain() {
    return SignalDescriptor.linearTime("host/time", deltaNanos);
  }
}
