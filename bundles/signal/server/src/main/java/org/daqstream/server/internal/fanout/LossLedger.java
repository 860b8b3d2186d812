/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.daqstream.server.api.Loss;

/** The holes in what clients got; belongs to the fan-out thread. Keeps the newest. */
public final class LossLedger {
  private static final int KEPT = 1_000;

  private final ServerStatistics statistics;
  private final Deque<Loss> newest = new ArrayDeque<>();

  LossLedger(ServerStatistics statistics) {
    this.statistics = statistics;
  }

  /** A hole has its end. */
  void add(Client client, Subscription subscription, long toRow, long toTick) {
    Loss loss =
        new Loss(
            Instant.now(),
            client.identity().name(),
            subscription.signal.signalId(),
            subscription.hole.row(),
            toRow,
            subscription.hole.tick(),
            toTick,
            subscription.hole.reason());
    if (newest.size() == KEPT) {
      newest.remove();
    }
    newest.add(loss);
    statistics.lost(client, loss);
  }

  /** The newest holes, the last one at the end. */
  public List<Loss> newest() {
    return List.copyOf(newest);
  }
}
