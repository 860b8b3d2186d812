/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.osgi.framework.BundleContext;

/** Starts the runtime in the foreground and ends with it. */
public final class Main {
  private static final long SERVER_TIMEOUT_MS = 5_000;

  /** For what the launcher says; bundles get {@link LogStream}. */
  private static final PrintStream OUT = System.out;

  private static final PrintStream ERR = System.err;

  private Main() {}

  /**
   * Blocks until the runtime has stopped, then ends the process.
   *
   * @param args see {@link Options#USAGE}
   */
  public static void main(String[] args) throws InterruptedException {
    ExitCode code;
    try {
      code = run(Options.parse(List.of(args), System.getenv(), distribution()));
    } catch (IllegalArgumentException e) {
      ERR.println("daqstream: " + e.getMessage());
      ERR.print(Options.USAGE);
      code = ExitCode.USAGE;
    } catch (StartException e) {
      ERR.println("daqstream: " + e.getMessage());
      code = ExitCode.START_FAILED;
    }
    System.exit(code.status());
  }

  private static ExitCode run(Options options) throws StartException, InterruptedException {
    switch (options.action()) {
      case HELP -> OUT.print(Options.USAGE);
      case VERSION ->
          OUT.println("daqstream " + Main.class.getPackage().getImplementationVersion());
      case RUN -> runFramework(new FelixRuntime(options.layout()), options.layout());
    }
    return ExitCode.OK;
  }

  private static void runFramework(FelixRuntime runtime, Layout layout)
      throws StartException, InterruptedException {
    Thread onSignal = new Thread(() -> haltAfterStop(runtime), "daqstream-shutdown");
    Runtime.getRuntime().addShutdownHook(onSignal);
    PrintStream log = new PrintStream(new LogStream(ERR, Clock.systemUTC()), true, UTF_8);
    System.setOut(log);
    System.setErr(log);
    try {
      announce(runtime.start(), layout);
      runtime.awaitStop();
    } finally {
      leaveExitCodeToCaller(onSignal);
    }
  }

  private static void announce(BundleContext context, Layout layout) throws InterruptedException {
    if (!new EndpointAnnouncer(context, OUT).start(SERVER_TIMEOUT_MS)) {
      ERR.println(
          "daqstream: no server is listening; the log above says why. "
              + "Files in "
              + layout.conf()
              + " are read again when they change.");
    }
  }

  /** Ends a process that got a signal; the exit code would be 130 or 143 without halt. */
  private static void haltAfterStop(FelixRuntime runtime) {
    ExitCode code = runtime.stop() ? ExitCode.OK : ExitCode.STOP_TIMED_OUT;
    Runtime.getRuntime().halt(code.status());
  }

  private static void leaveExitCodeToCaller(Thread onSignal) {
    try {
      Runtime.getRuntime().removeShutdownHook(onSignal);
    } catch (IllegalStateException e) {
      // A signal came first: its thread ends the process.
    }
  }

  /** The folder that holds lib/daqstream.jar. */
  private static Path distribution() {
    try {
      Path jar = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return jar.getParent().getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the location of the launcher is not a file", e);
    }
  }
}
