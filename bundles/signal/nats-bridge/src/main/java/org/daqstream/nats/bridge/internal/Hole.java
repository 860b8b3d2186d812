/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.time.Instant;

/**
 * Rows of a signal that were lost on the way.
 *
 * @param signalId of the signal here
 * @param epoch of the life of its table at the source, see {@link BlockMessage}
 * @param fromRow first row that is missing, as the source counts
 * @param toRow row behind the last one that is missing
 * @param time of the row behind, where a block came of it: of the source's domain, in words; else
 *     empty
 * @param found when it was given up, by this runtime's clock
 * @param why in words
 */
record Hole(
    String signalId, long epoch, long fromRow, long toRow, String time, Instant found, String why) {
  long rows() {
    return toRow - fromRow;
  }

  /** With more that is known of the reason. */
  Hole because(String more) {
    return new Hole(signalId, epoch, fromRow, toRow, time, found, why + " (" + more + ")");
  }

  @Override
  public String toString() {
    return "signal %s: rows %d to %d%s: %s"
        .formatted(
            NatsSignals.shown(signalId),
            fromRow,
            toRow - 1,
            time.isEmpty() ? "" : ", before " + time,
            why);
  }
}
