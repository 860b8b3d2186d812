/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import picocli.CommandLine.Option;

/** Whether a command shows how far it is. */
final class ProgressOption {
  @Option(
      names = "--progress",
      negatable = true,
      fallbackValue = "true",
      description = "Tell on the error output how far it is; on a terminal it does so.")
  private Boolean isWanted;

  /** The line that tells it, from now on. */
  ProgressLine begin(StandardStreams streams) {
    return new ProgressLine(streams, isWanted);
  }
}
