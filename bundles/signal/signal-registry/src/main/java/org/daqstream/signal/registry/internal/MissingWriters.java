/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator of signals that have no writer and still have none after a moment: at a start
 * or an update the writer is only a little later. One line for each reason, each signal once.
 * Belongs to the structure queue.
 */
final class MissingWriters {
  /** A signal is told of when it has waited for one to two of these. */
  static final long MOMENT_MS = 2_500;

  private static final int NAMED_SIGNALS = 5;

  private static final Logger LOG = LoggerFactory.getLogger(MissingWriters.class);

  private final Timer timer;
  private final Executor queue;
  private Map<String, String> fresh = new LinkedHashMap<>(); // reason of each signal
  private Map<String, String> ripe = new LinkedHashMap<>();
  private final Map<String, String> told = new HashMap<>();
  private boolean waiting;

  MissingWriters(Timer timer, Executor queue) {
    this.timer = timer;
    this.queue = queue;
  }

  /** A signal has no writer. */
  void missing(String signalId, String reason) {
    if (reason.equals(told.get(signalId))) {
      return;
    }
    if (ripe.computeIfPresent(signalId, (id, before) -> reason) == null) {
      fresh.put(signalId, reason);
      waitAMoment();
    }
  }

  private void waitAMoment() {
    if (!waiting) {
      waiting = true;
      timer.after(MOMENT_MS, () -> queue.execute(this::momentIsOver));
    }
  }

  /** A signal has a writer, or is gone. */
  void settled(String signalId) {
    fresh.remove(signalId);
    ripe.remove(signalId);
    told.remove(signalId);
  }

  private void momentIsOver() {
    waiting = false;
    Map<String, List<String>> byReason = new LinkedHashMap<>();
    ripe.forEach((id, reason) -> byReason.computeIfAbsent(reason, r -> new ArrayList<>()).add(id));
    byReason.forEach(MissingWriters::tell);
    told.putAll(ripe);
    ripe = fresh;
    fresh = new LinkedHashMap<>();
    if (!ripe.isEmpty()) {
      waitAMoment();
    }
  }

  private static void tell(String reason, List<String> ids) {
    if (ids.size() == 1) {
      LOG.warn("Signal {} is not available: {}", ids.get(0), reason);
    } else {
      LOG.warn(
          "{} signals are not available: {}: {}{}",
          ids.size(),
          reason,
          String.join(", ", ids.subList(0, Math.min(ids.size(), NAMED_SIGNALS))),
          ids.size() > NAMED_SIGNALS ? " ..." : "");
    }
  }
}
