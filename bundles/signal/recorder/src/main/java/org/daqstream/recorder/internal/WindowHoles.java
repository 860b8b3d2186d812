/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.util.EnumSet;
import java.util.Set;
import org.daqstream.base.support.LimitedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is missing in the windows of a trigger, of all that is not written. */
final class WindowHoles {
  private static final Logger LOG = LoggerFactory.getLogger(WindowHoles.class);
  private static final int LINES_PER_MINUTE = 1;

  /** What the trigger itself gave up; the rest was counted where it was lost. */
  private static final Set<LossReason> OWN =
      EnumSet.of(LossReason.MEMORY, LossReason.CHANGE, LossReason.LATE);

  private final String recorder;
  private final Windows windows;
  private final Trigger.Target target;
  private final LimitedLog late = new LimitedLog(LOG::warn, LINES_PER_MINUTE);

  WindowHoles(String recorder, Windows windows, Trigger.Target target) {
    this.recorder = recorder;
    this.windows = windows;
    this.target = target;
  }

  /**
   * Has missing rows be told, as far as they are in windows other than one.
   *
   * @param loss {@code null} for none
   */
  void tell(Lane lane, MissingRows loss, Windows.Window except) {
    if (loss == null) {
      return;
    }
    long from = lane.timeAt(loss.fromTick());
    for (Windows.Window each : windows.overlapping(from, lane.timeAt(loss.toTick()))) {
      MissingRows hole = each == except ? null : lane.within(loss, each.start, each.end);
      if (hole != null) {
        target.leaveOut(lane.signal, hole);
        count(hole);
      }
    }
  }

  /** Samples that came when the files of their time were complete. */
  void tellLate(Lane lane, SampleRun run) {
    tell(
        lane,
        new MissingRows(LossReason.LATE, run.row(), run.tick(), run.endRow(), run.endTick()),
        null);
  }

  /** Samples that nobody wanted until the trigger came, later than it is waited for. */
  void tellPassed(Lane lane) {
    Windows.Window window = windows.last();
    MissingRows passed = window.start < windows.decided() ? lane.passed() : null;
    MissingRows hole = passed == null ? null : lane.within(passed, window.start, window.end);
    if (hole != null) {
      target.leaveOut(lane.signal, hole);
      count(hole);
    }
  }

  void count(MissingRows hole) {
    if (OWN.contains(hole.reason())) {
      target.lost(hole.toRow() - hole.fromRow());
    }
    if (hole.reason() == LossReason.LATE) {
      late.say(() -> "recorder %s: signals come too late for their window".formatted(recorder));
    }
  }
}
