/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A console that takes the commands, registered as a service. As long as there is one the commands
 * are not offered to Gogo, so that nobody sees them twice. Of several the one with the highest
 * service ranking gets them.
 */
@ConsumerType
public interface CommandHost {
  /** Offers a command to the user. */
  void add(ShellCommand command);

  /** Takes it back; a command that runs goes on. */
  void remove(ShellCommand command);
}
