/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.nio.file.Path;
import java.util.Map;
import org.daqstream.client.TokenSource;
import picocli.CommandLine.Option;

/**
 * By what a command logs in at a device. A token is no word of the command line, which everybody on
 * the machine can read in the list of processes.
 */
final class LoginArguments {
  /** Has the token where there is no file with it. */
  static final String VARIABLE = "DAQSTREAM_TOKEN";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = {
        "File with the token to log in with, as 'Authorization: Bearer'; without it the variable "
            + VARIABLE
            + " of the environment, if it is set."
      })
  private Path file;

  /**
   * What was given.
   *
   * @throws IllegalArgumentException for a variable that is no token, without it in the message
   */
  TokenSource source(Map<String, String> environment) {
    if (file != null) {
      return TokenSource.ofFile(file);
    }
    try {
      return TokenSource.of(environment.getOrDefault(VARIABLE, "").strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(VARIABLE + ": " + e.getMessage(), e);
    }
  }
}
