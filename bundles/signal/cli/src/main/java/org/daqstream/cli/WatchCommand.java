/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import picocli.CommandLine.Command;

/** {@code watch}. */
@Command(name = "watch", description = "todo")
final class WatchCommand extends DeviceCommand {
  @Override
  int run() {
    return Daqstream.OK;
  }
}
