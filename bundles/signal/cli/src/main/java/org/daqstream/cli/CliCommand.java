/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands have: where they print. */
abstract class CliCommand {
  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this text.")
  boolean help; // picocli reads it

  private StandardStreams streams;
  private Interruption interruption;

  /** Carries it out; its exit code. */
  int run(StandardStreams newStreams, Interruption newInterruption) throws Exception {
    streams = newStreams;
    interruption = newInterruption;
    return run();
  }

  abstract int run() throws Exception;

  StandardStreams streams() {
    return streams;
  }

  Interruption interruption() {
    return interruption;
  }

  boolean json() {
    return json;
  }

  /** An error of whoever typed the command. */
  ParameterException misused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
