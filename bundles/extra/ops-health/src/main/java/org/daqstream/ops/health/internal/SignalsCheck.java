/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.health.internal;

import java.util.List;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalState;

/** Whether what is published reaches clients. */
record SignalsCheck(List<SignalRegistry> registries) implements HealthCheck {
  private static final int NAMED_MAX = 20;

  @Override
  public Result execute() {
    FormattingResultLog log = new FormattingResultLog();
    for (SignalRegistry registry : registries) {
      List<SignalState> signals = registry.signals();
      List<SignalState> unavailable =
          signals.stream().filter(signal -> !signal.available()).toList();
      unavailable.stream()
          .limit(NAMED_MAX)
          .forEach(
              signal ->
                  log.warn(
                      "signal {} is not available: {}",
                      signal.descriptor().signalId(),
                      signal.reason()));
      if (unavailable.size() > NAMED_MAX) {
        log.warn("{} more signals are not available", unavailable.size() - NAMED_MAX);
      }
      log.info(
          "{} of {} signals are available", signals.size() - unavailable.size(), signals.size());
    }
    if (registries.isEmpty()) {
      log.warn(
          "there is no registry of signals: the bundle org.daqstream.signal.registry is not active");
    }
    return new Result(log);
  }
}
