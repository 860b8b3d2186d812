/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import picocli.CommandLine.Command;

/** {@code tap}. */
@Command(name = "tap", description = "todo")
final class TapCommand extends DeviceCommand {
  @Override
  int run() {
    return Daqstream.OK;
  }
}
