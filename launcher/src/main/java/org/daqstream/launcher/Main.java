/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;

/** Starts the runtime in the foreground and ends with it. */
public final class Main {
  private static final long SERVER_TIMEOUT_MS = 5_000;

  /** For what the launcher says; bundles get {@link LogStream}. */
  private static final PrintStream OUT = System.out;

  private static final PrintStream ERR = System.err;

  private static final Clock CLOCK = Clock.systemUTC();

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
      ERR.println("daqstream: " + e.getMessage() + "; --help tells what there is");
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
      case RUN -> runFramework(options.layout(), OUT, ERR);
      case RUN_WITH_LOG_FILE -> {
        PrintStream file = logFile(options.layout());
        runFramework(
            options.layout(),
            new PrintStream(new LogStream(file, CLOCK, line -> {}), true, UTF_8),
            file);
      }
    }
    return ExitCode.OK;
  }

  private static PrintStream logFile(Layout layout) throws StartException {
    Path file = layout.log().resolve("daqstream.log");
    try {
      Files.createDirectories(layout.log());
      return new PrintStream(new LogFile(file, LogFile.LIMIT_BYTES), true, UTF_8);
    } catch (IOException e) {
      throw new StartException("cannot write " + file + ": " + e, e);
    }
  }

  private static void runFramework(Layout layout, PrintStream out, PrintStream logTarget)
      throws StartException, InterruptedException {
    FelixRuntime runtime = new FelixRuntime(layout);
    // By hand: a hook must be a thread that was not started.
    Thread onSignal = new Thread(() -> haltAfterStop(runtime), "daqstream-shutdown");
    Runtime.getRuntime().addShutdownHook(onSignal);
    Refusals refusals = new Refusals(layout.conf(), runtime.files()::refused);
    PrintStream log = new PrintStream(new LogStream(logTarget, CLOCK, refusals), true, UTF_8);
    System.setOut(log);
    System.setErr(log);
    try {
      BundleContext context = runtime.start();
      if (!new EndpointAnnouncer(context, out, runtime.files()).start(SERVER_TIMEOUT_MS)) {
        logTarget.println("daqstream: " + runtime.files().noServer());
      }
      new Watchdog(new WatchedServers(context), runtime.files()::alive, stuck(runtime, logTarget))
          .start();
      runtime.awaitStop();
    } finally {
      runtime.leave();
      leaveExitCodeToCaller(onSignal);
    }
  }

  /**
   * Ends a process of which nobody has anything any more; stopping it in order may take for ever.
   */
  private static Consumer<String> stuck(FelixRuntime runtime, PrintStream log) {
    return server -> {
      log.println(
          "daqstream: the server %s has not answered for %s s, the process ends"
              .formatted(server, Watchdog.LIMIT_MS / 1_000));
      runtime.leave();
      Runtime.getRuntime().halt(ExitCode.STUCK.status());
    };
  }

  /** Ends a process that got a signal; the exit code would be 130 or 143 without halt. */
  private static void haltAfterStop(FelixRuntime runtime) {
    ExitCode code = runtime.stop() ? ExitCode.OK : ExitCode.STOP_TIMED_OUT;
    runtime.leave();
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
