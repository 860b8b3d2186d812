/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

/** What the process tells its caller when it ends. */
enum ExitCode {
  /** Help or version was printed, or the runtime was stopped: Ctrl-C, SIGTERM, or from inside. */
  OK(0),
  /** The command line cannot be understood. */
  USAGE(2),
  /** A folder is not usable, or a bundle did not become active. */
  START_FAILED(3),
  /** Not every bundle stopped within {@link FelixRuntime#STOP_TIMEOUT_MS}. */
  STOP_TIMED_OUT(4),
  /** A server did not answer for {@link Watchdog#LIMIT_MS}. */
  STUCK(5);

  private final int status;

  ExitCode(int status) {
    this.status = status;
  }

  int status() {
    return status;
  }
}
