/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.Arrays;
import org.daqstream.base.support.ForeignText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The commands that read a device, and what the process ends with. */
@Command(
    name = "daqstream",
    description = "Reads any openDAQ streaming device, and recordings.",
    subcommands = {
      ListCommand.class,
      InfoCommand.class,
      WatchCommand.class,
      PrintCommand.class,
      RecordCommand.class,
      ExportCommand.class,
      RepairCommand.class,
      VerifyCommand.class,
      TapCommand.class,
      RelayCommand.class,
      TlsCreateCommand.class
    })
public class Daqstream {
  /** Done; also when nobody reads the output any more. */
  static final int OK = 0;

  /** The command failed, or found what it looked for: no such signal, a loss, a full disk. */
  static final int FAILED = 1;

  /** The command line cannot be understood. */
  static final int USAGE = 2;

  /** No device answers at the address. */
  static final int NO_DEVICE = 3;

  private static final int STACK_LINES = 8;

  Daqstream() {}

  /**
   * Carries out a command and ends the process.
   *
   * @param args the command, then its own arguments
   */
  public static void main(String[] args) {
    Interruption interruption = Interruption.ofProcess();
    int code = run(StandardStreams.ofProcess(), interruption, args);
    interruption.done();
    if (!interruption.isAsked()) {
      System.exit(code);
    }
  }

  /** Carries out a command; its exit code. */
  static int run(StandardStreams streams, Interruption interruption, String... args) {
    CommandLine line = commandLine();
    line.setOut(new PrintWriter(streams.out(), false, UTF_8));
    line.setParameterExceptionHandler(misread(streams));
    line.setExecutionStrategy(read -> execute(line, read, streams, interruption));
    line.setExecutionExceptionHandler((e, failed, read) -> failed(streams, interruption, e));
    int code = line.execute(args);
    try {
      line.getOut().flush();
      streams.check();
      return code;
    } catch (PipeClosedException e) {
      return code;
    } catch (CliException e) {
      if (code == OK) {
        streams.say(e.getMessage());
      }
      return e.exitCode();
    }
  }

  private static int execute(
      CommandLine line, ParseResult read, StandardStreams streams, Interruption interruption) {
    if (CommandLine.printHelpIfRequested(read)) {
      return OK;
    }
    if (read.subcommand() == null) {
      throw new ParameterException(line, "a command is missing");
    }
    CommandLine called = read.subcommand().commandSpec().commandLine();
    try {
      int code = called.<CliCommand>getCommand().run(streams, interruption);
      streams.check();
      return code;
    } catch (ParameterException | CommandLine.ExecutionException e) {
      throw e;
    } catch (Exception e) {
      throw new CommandLine.ExecutionException(called, "failed", e);
    }
  }

  /** What reads the command line. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Daqstream());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExpandAtFiles(false); // the id of a signal may begin with @
    line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    return line;
  }

  private static IParameterExceptionHandler misread(StandardStreams streams) {
    return (e, args) -> {
      String command = e.getCommandLine().getCommandSpec().qualifiedName();
      streams.say(e.getMessage() + "; '" + command + " --help' tells what there is");
      return USAGE;
    };
  }

  private static int failed(StandardStreams streams, Interruption interruption, Exception thrown) {
    Throwable e = thrown.getCause() == null ? thrown : thrown.getCause();
    if (e instanceof PipeClosedException) {
      return OK;
    }
    if (e instanceof InterruptedException && interruption.isAsked()) {
      return FAILED; // the system gives another code
    }
    if (e instanceof CliException failure) {
      streams.say(failure.getMessage());
      return failure.exitCode();
    }
    streams.say("unexpected: " + ForeignText.plain(String.valueOf(e)));
    Arrays.stream(e.getStackTrace())
        .limit(STACK_LINES)
        .forEach(at -> streams.err().println("  " + at));
    return FAILED;
  }
}
