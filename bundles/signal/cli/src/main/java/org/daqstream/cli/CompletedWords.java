/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import picocli.CommandLine.Command;

/**
 * All words of {@code bin/daqstream}, for shells to complete: the commands of {@link Daqstream},
 * and those that the script itself has.
 */
@Command(
    name = "daqstream",
    subcommands = {
      CompletedWords.Run.class,
      CompletedWords.Start.class,
      CompletedWords.Stop.class,
      CompletedWords.Status.class,
      CompletedWords.Shell.class
    })
final class CompletedWords extends Daqstream {
  @Command(name = "run")
  static final class Run {}

  @Command(name = "start")
  static final class Start {}

  @Command(name = "stop")
  static final class Stop {}

  @Command(name = "status")
  static final class Status {}

  @Command(name = "shell")
  static final class Shell {}
}
