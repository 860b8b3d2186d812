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
      Usage: daqstream [--home DIR] [COMMAND]

        run            start in the foreground, Ctrl-C ends it; also without COMMAND
        start          start in the background and wait until it listens; the log
                       goes to log/daqstream.log
        stop           end it and wait until it has ended
        status         tell whether it runs and where it listens
        shell          type commands for what runs; 'help' lists them, 'exit' ends
        shell LINE     run one line of commands
        SCOPE:NAME ... run one command, for example: daqstream signal:list --json

      Commands that read any openDAQ streaming device and need nothing that runs here:
      daqstream COMMAND [ADDRESS] [SIGNAL...]; each has --help and --json

        list           the signals that it offers
        info           what it says of itself or of signals, or what is in a recording
        watch          the newest values, again and again
        print          samples as CSV or JSON lines, of a recording, too
        record         samples into a file: record [ADDRESS] [SIGNAL...] --to FILE --for 5s
        export         a recording in another format: export FILE.parquet FILE.csv
        repair         make a file of an interrupted recording: repair FILE
        verify         look for loss, order, drift and latency, or read a recording
        tap            every frame and packet of a connection in readable lines
        relay          offer its signals on a port of this machine

        ADDRESS        daq.lt://HOST[:PORT] and the like (default: daq.lt://127.0.0.1/)
        SIGNAL         an id, or a pattern like 'host/**' (default: all)

      A key and a certificate for a start with TLS, in the folder tls of --home:
      daqstream tls:create --host NAME...

        --version      print the version
        --help         print this text

        --home DIR     folder of conf/, deploy/, log/ and var/ (default: $DAQSTREAM_HOME,
                       else the folder daqstream is installed in); a new one
                       gets the default conf/

      conf/    <PID>.cfg and <PID>.cfg.json files, read at once when they change
      deploy/  bundles dropped here go live, and leave when the file is removed
      log/     daqstream.log and the one before it, at most 10 MiB each
      var/     working files, made anew at every start

      JAVA_HOME chooses the Java (17 or newer), DAQSTREAM_JAVA_OPTS replaces its options.

      Exit codes: 0 done, or stopped as asked; 1 the command failed, or it runs but no
      server listens; 2 wrong usage; 3 could not start, is not running, or had no memory
      left; 4 not ended in time, or cannot tell; 5 a server did not answer for 30 s.
      Reading a device: 0 done, or nobody reads the output any more; 1 failed, no such
      signal, no sample, or verify found something; 2 wrong usage; 3 no device answers;
      130 ended by Ctrl-C, with files complete.
      status: 0 a server listens, 1 has died, does not answer, or runs but no server
      listens, 3 not running, 4 cannot tell.
      What failed is on the standard error output.
      """;

  enum Action {
    RUN,
    /** The log goes to a file; this is what {@code bin/daqstream start} asks for. */
    RUN_WITH_LOG_FILE,
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
        case "--log-file" -> action = Action.RUN_WITH_LOG_FILE;
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
