/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/** A signal as far as it is in files: what came, what is safe, and what is missing. */
final class Channel {
  private static final long NOTHING = Long.MIN_VALUE;

  private SignalDescriptor descriptor;
  private SampleRun held; // of a constant
  private long endRow = NOTHING; // behind the last sample that came
  private long endTick;
  private long safeRow = NOTHING; // those before it will be in a file whatever happens
  private MissingRows missing; // behind what was written; its end is not known yet

  Channel(SignalDescriptor descriptor) {
    this.descriptor = descriptor;
  }

  SignalDescriptor descriptor() {
    return descriptor;
  }

  void describe(SignalDescriptor now) {
    descriptor = now;
  }

  boolean isConstant() {
    return descriptor.rule() instanceof Rule.Constant;
  }

  /** The value of a constant that holds, {@code null} for none. */
  SampleRun held() {
    return held;
  }

  /** Takes a constant's value that is not recorded, unless it is older; whether it was taken. */
  boolean hold(SampleRun run) {
    boolean isNewer = held == null || run.endRow() > held.endRow();
    held = isNewer ? run.part(run.count() - 1, run.count()).copy() : held;
    return isNewer;
  }

  /** What is missing before samples that are written now. */
  List<MissingRows> before(MissingRows loss, SampleRun run, boolean isOnLine) {
    List<MissingRows> all = new ArrayList<>();
    if (missing != null) {
      boolean isBefore = loss != null && loss.fromRow() < run.row();
      all.add(
          isBefore
              ? missing.until(loss.fromRow(), loss.fromTick())
              : missing.until(run.row(), run.tick()));
    } else if (loss == null && isSkipped(run, isOnLine)) {
      all.add(new MissingRows(LossReason.ROWS, endRow, endTick, run.row(), run.tick(), true));
    }
    if (loss != null) {
      all.add(loss);
    }
    return all;
  }

  /** Rows of stamped signals tell nothing, and a constant is written seldom. */
  private boolean isSkipped(SampleRun run, boolean isOnLine) {
    return endRow != NOTHING && run.row() > endRow && isOnLine && !isConstant();
  }

  void wrote(SampleRun run) {
    missing = null;
    safeRow = safeRow == NOTHING ? run.row() : safeRow;
    came(run);
  }

  private void came(SampleRun run) {
    if (isConstant()) {
      held = run.part(run.count() - 1, run.count()).copy();
    }
    endRow = run.endRow();
    endTick = run.endTick();
  }

  /** Samples that came and are not written. */
  void miss(MissingRows loss, SampleRun run, LossReason reason) {
    if (missing == null) {
      missing = loss == null ? new MissingRows(reason, run.row(), run.tick(), 0, 0, true) : loss;
    }
    came(run);
  }

  /** What is missing at the end, {@code null} for nothing. */
  MissingRows atEnd(MissingRows loss) {
    MissingRows first = missing;
    missing = null;
    if (first == null) {
      return loss;
    }
    return loss == null ? first.until(endRow, endTick) : first.until(loss.toRow(), loss.toTick());
  }

  /** All that came is in a complete file. */
  void safe() {
    safeRow = endRow;
  }

  /** What came before a row is on the disk. */
  void safe(long beforeRow) {
    safeRow = Math.max(safeRow, Math.min(endRow, beforeRow));
  }

  /** The file cannot be completed: what is not safe is missing, as far as anybody knows. */
  void abandon(LossReason reason) {
    if (missing == null && safeRow != NOTHING && endRow > safeRow) {
      missing = new MissingRows(reason, safeRow, 0, 0, 0, false);
    }
  }

  /** Whatever comes next is another recording. */
  void forget() {
    endRow = NOTHING;
    safeRow = NOTHING;
    missing = null;
  }
}
