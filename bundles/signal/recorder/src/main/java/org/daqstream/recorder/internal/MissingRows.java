/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import org.daqstream.recording.api.RecordingHole;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * Rows of a signal that are missing.
 *
 * @param fromRow the first one
 * @param toRow the first one that is there again
 */
record MissingRows(LossReason reason, long fromRow, long fromTick, long toRow, long toTick) {
  MissingRows until(long row, long tick) {
    return new MissingRows(reason, fromRow, fromTick, row, tick);
  }

  RecordingHole of(SignalDescriptor signal) {
    return new RecordingHole(
        signal.signalId(), reason.word(), fromRow, toRow, true, fromTick, toTick);
  }
}
