/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import picocli.CommandLine.Command;

/** {@code verify}. */
@Command(name = "verify", description = "todo")
final class VerifyCommand extends DeviceCommand {
  @Override
  int run() {
    return Daqstream.OK;
  }
}
