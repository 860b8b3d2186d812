/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.recording.support.TableRecording;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/** A signal as far as it is in files: what came, what is safe, and what is missing. */
final class Channel {
  private static final long NOTHING = Long.MIN_VALUE;
  private static final int OTHERS = 1_000;

  private SignalDescriptor descriptor;
  private SampleRun held; // of a constant
  private long endRow = NOTHING; // behind the last sample that came
  private long endTick;
  private long openRow = NOTHING; // the first one that is missing if the file fails, with its tick
  private long openTick;
  private final List<MissingRows> others = new ArrayList<>(); // of other recordings, not told yet
  private final List<MissingRows> closed = new ArrayList<>(); // missing, and not told yet
  private MissingRows missing; // behind those; it goes on until something is written

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
    List<MissingRows> all = upTo(loss, isOnLine);
    long from = loss == null ? endRow : loss.toRow();
    long fromTick = loss == null ? endTick : loss.toTick();
    addSkipped(all, from, fromTick, run.row(), run.tick(), isOnLine);
    return all;
  }

  /** What is missing up to the end of a loss that is known, or of what came. */
  private List<MissingRows> upTo(MissingRows loss, boolean isOnLine) {
    List<MissingRows> all = new ArrayList<>(others);
    all.addAll(closed);
    if (missing != null) {
      all.add(missing.until(endRow, endTick));
    }
    if (loss != null) {
      addSkipped(all, endRow, endTick, loss.fromRow(), loss.fromTick(), isOnLine);
      all.add(loss);
    }
    return all;
  }

  /** Rows of stamped signals tell nothing, and a constant is written seldom. */
  private void addSkipped(
      List<MissingRows> all, long from, long fromTick, long to, long toTick, boolean isOnLine) {
    if (from != NOTHING && to > from && isOnLine && !isConstant()) {
      all.add(new MissingRows(LossReason.ROWS, from, fromTick, to, toTick));
    }
  }

  /** Samples are on their way to a file, with what is told before them. */
  void wrote(List<MissingRows> told, SampleRun run) {
    if (openRow == NOTHING) {
      boolean isAny = told.size() > others.size();
      MissingRows hole = isAny ? told.get(others.size()) : null;
      boolean isHole = isAny && hole.fromRow() <= run.row();
      openRow = isHole ? hole.fromRow() : run.row();
      openTick = isHole ? hole.fromTick() : run.tick();
    }
    others.clear();
    closed.clear();
    missing = null;
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
  void miss(MissingRows loss, SampleRun run, LossReason reason, boolean isOnLine) {
    if (missing == null) {
      List<MissingRows> before = before(loss, run, isOnLine);
      closed.clear();
      closed.addAll(before.subList(others.size(), before.size()));
      missing = new MissingRows(reason, run.row(), run.tick(), 0, 0);
    }
    came(run);
  }

  /** Rows that are missing for themselves, or in another recording; whether they can wait. */
  boolean leaveOut(MissingRows hole) {
    MissingRows last = others.isEmpty() ? null : others.get(others.size() - 1);
    if (last != null && last.reason() == hole.reason() && last.toRow() == hole.fromRow()) {
      others.set(others.size() - 1, last.until(hole.toRow(), hole.toTick()));
      return true;
    }
    return others.size() < OTHERS && others.add(hole);
  }

  /** What is missing at the end, which is told then. */
  List<MissingRows> atEnd(MissingRows loss, boolean isOnLine) {
    List<MissingRows> all = upTo(loss, isOnLine);
    others.clear();
    closed.clear();
    missing = null;
    if (loss != null) {
      endRow = loss.toRow();
      endTick = loss.toTick();
    }
    return all;
  }

  /** All that came is in a complete file, but for what is missing and was not told. */
  void safe() {
    MissingRows first = firstMissing();
    openRow = first == null ? NOTHING : first.fromRow();
    openTick = first == null ? 0 : first.fromTick();
  }

  private MissingRows firstMissing() {
    return closed.isEmpty() ? missing : closed.get(0);
  }

  /** All that came is on the disk but for what waits, {@code null} for nothing. */
  void safe(TableRecording.WaitingSample first) {
    if (first == null || openRow == NOTHING) { // or what waits is what a constant was before
      safe();
    } else if (first.row() >= openRow) {
      openRow = first.row();
      openTick = first.tick();
    }
  }

  /** The file cannot be completed: what is on no disk is missing, as far as anybody knows. */
  void abandon(LossReason reason) {
    MissingRows first = firstMissing();
    long end = first == null ? endRow : first.fromRow();
    if (openRow != NOTHING && end > openRow) {
      closed.clear();
      missing = new MissingRows(reason, openRow, openTick, 0, 0);
    }
  }

  /** Whatever comes next is another recording. */
  void forget() {
    endRow = NOTHING;
    openRow = NOTHING;
    closed.clear();
    missing = null;
  }
}
