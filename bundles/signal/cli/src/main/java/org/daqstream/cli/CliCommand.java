/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

/** A command, as {@link Daqstream} carries it out. */
@FunctionalInterface
interface CliCommand {
  /** Carries it out; its exit code. */
  int run(StandardStreams streams, Interruption interruption) throws Exception;
}
