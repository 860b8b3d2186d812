/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import java.util.function.Consumer;

/**
 * Has a logger say what is wrong, but not what was said just before, and not too many lines a
 * minute. One thread says.
 */
public final class ProblemLog {
  private static final int LINES_PER_MINUTE = 10;

  private final LimitedLog log;
  private volatile String last = "";

  /** With nothing wrong. */
  public ProblemLog(Consumer<String> logger) {
    this.log = new LimitedLog(logger, LINES_PER_MINUTE);
  }

  /** The last problem, said or not; empty when there was none. */
  public String last() {
    return last;
  }

  /** Says it, unless it is the last. */
  public void say(String problem) {
    if (!problem.equals(last)) {
      last = problem;
      String line = ForeignText.plain(problem);
      log.say(more -> more > 0 ? line + " (and " + more + " more problems before)" : line);
    }
  }

  /** All is well now: whatever comes is said. */
  public void clear() {
    last = "";
  }
}
