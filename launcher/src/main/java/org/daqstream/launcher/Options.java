/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The command line.
 *
 * @param action what to do
 * @param layout the folders to work with
 */
record Options(Action action, Layout layout) {

  static final String USAGE =
      """
      Usage: daqstream [--home DIR]

      Starts the daqstream runtime in the foreground; Ctrl-C ends it.

        --home DIR   folder of conf/, deploy/ and var/ (default: $DAQSTREAM_HOME,
                     else the folder daqstream is installed in); a new one
                     gets the default conf/
        --version    print the version
        --help       print this text

      conf/    *.cfg files, read at once when they change
      deploy/  bundles dropped here go live, and leave when the file is removed
      var/     working files, emptied at every start

      Exit codes: 0 stopped as asked, 2 wrong usage, 3 could not start,
      4 did not stop in time. What failed is on the standard error output.
      """;

  enum Action {
    RUN,
    HELP,
    VERSION
  }

  /**
   * Reads the command line.
   *
   * @param args the arguments
   * @param env the environment
   * @param dist folder of the distribution
   * @throws IllegalArgumentException when an argument is unknown or lacks its value, naming it
   */
  static Options parse(List<String> args, Map<String, String> env, Path dist) {
    Action action = Action.RUN;
    String home = env.getOrDefault("DAQSTREAM_HOME", "");
    for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
      String arg = rest.next();
      switch (arg) {
        case "--home" -> home = rest.hasNext() ? rest.next() : "";
        case "--help", "-h" -> action = Action.HELP;
        case "--version" -> action = Action.VERSION;
        default -> throw new IllegalArgumentException("unknown argument '" + arg + "'");
      }
      if (arg.equals("--home") && home.isBlank()) {
        throw new IllegalArgumentException("--home needs a folder");
      }
    }
    return new Options(action, Layout.of(dist, home.isBlank() ? dist : Path.of(home)));
  }
}
