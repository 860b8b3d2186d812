/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import org.daqstream.signal.api.SignalDescriptor;

/** Looks at the trigger's samples one by one, and opens windows. */
final class TriggerWatch {
  private final TriggerCondition condition;
  private final Windows windows;
  private Boolean wasSo; // null before the first sample

  TriggerWatch(TriggerCondition condition, Windows windows) {
    this.condition = condition;
    this.windows = windows;
  }

  /**
   * Looks at neighbouring samples.
   *
   * @param opened called for each window that begins
   */
  void look(Lane lane, SampleRun run, Runnable opened) {
    SignalDescriptor descriptor = lane.signal.descriptor();
    for (int i = 0; i < run.count(); i++) {
      long at = lane.timeAt(run.tickAt(i));
      if (happens(condition.holds(descriptor, run.samples(), i), at)) {
        opened.run();
      }
      windows.advance(at);
    }
  }

  private boolean happens(boolean isSo, long at) {
    boolean isNew = false;
    if (condition.isEdge()) {
      isNew = isSo && Boolean.FALSE.equals(wasSo) && windows.openAround(at);
    } else if (isSo) {
      isNew = !windows.isLasting() && windows.open(at);
    } else if (Boolean.TRUE.equals(wasSo)) {
      windows.cease(at);
    }
    wasSo = isSo;
    return isNew;
  }

  /** The signal is gone, and with it what lasted. */
  void cease() {
    windows.cease(windows.frontier());
    wasSo = null;
  }

  /** Whatever comes next is the first sample. */
  void forget() {
    wasSo = null;
  }
}
