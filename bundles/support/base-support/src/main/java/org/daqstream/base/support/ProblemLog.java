/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import java.util.function.Consumer;

/** Says in the log what is wrong with peers, but not what was said just before. One thread says. */
public final class ProblemLog {
  private static final int LINES_PER_MINUTE = 10;

  private final LimitedLog log;
  private volatile String last = "";

  public ProblemLog(Consumer<String> log) {
    this.log = new LimitedLog(log, LINES_PER_MINUTE);
  }

  /** The last problem, said or not; empty when there was none. */
  public String last() {
    return last;
  }

  public void say(String problem) {
    if (!problem.equals(last)) {
      last = problem;
      log.say(more -> more > 0 ? problem + " (and " + more + " more problems before)" : problem);
    }
  }
}
