/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import picocli.CommandLine.Command;

/** {@code relay}. */
@Command(name = "relay", description = "todo")
final class RelayCommand extends DeviceCommand {
  @Override
  int run() {
    return Daqstream.OK;
  }
}
