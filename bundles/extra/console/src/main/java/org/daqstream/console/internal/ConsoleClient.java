/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.console.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.InvalidPathException;
import java.util.Arrays;

/**
 * The program of the user: sends commands to a running {@link Console} and prints what they print.
 * It needs nothing but this jar; where a person types, also the libraries of {@link Prompt}.
 */
public final class ConsoleClient implements AutoCloseable {
  /** The command failed; it has said why on the standard error output. */
  static final int FAILED = 1;

  /** Nothing is running there. */
  static final int NOT_RUNNING = 3;

  private final SocketChannel server;
  private final PrintStream out;
  private final PrintStream err;

  ConsoleClient(String socket, PrintStream out, PrintStream err) throws IOException {
    this.server = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    this.out = out;
    this.err = err;
  }

  /**
   * Runs one command, or those on the standard input; the system property {@code daqstream.prompt}
   * says that a person types them.
   *
   * @param args path of the socket, then the words of the command; a single word is a line for
   *     Gogo, none means the standard input
   */
  public static void main(String[] args) {
    boolean prompt = Boolean.getBoolean("daqstream.prompt");
    int code = run(args, System.in, prompt, System.out, System.err);
    System.out.flush();
    System.exit(code);
  }

  static int run(String[] args, InputStream in, boolean prompt, PrintStream out, PrintStream err) {
    try (ConsoleClient client = new ConsoleClient(args[0], out, err)) {
      if (prompt) {
        return new Prompt(args[0], out, err).run();
      }
      if (args.length == 1) {
        return client.executeAll(new BufferedReader(new InputStreamReader(in, UTF_8)));
      }
      return client.execute(Arrays.copyOfRange(args, 1, args.length));
    } catch (Disconnected e) {
      err.println("daqstream: " + e.getMessage());
      return FAILED;
    } catch (IOException | InvalidPathException e) {
      err.println("daqstream: nothing answers at " + args[0] + " (" + e.getMessage() + ")");
      return NOT_RUNNING;
    }
  }

  /** Until the end of the input or "exit"; the exit code is that of the last command. */
  private int executeAll(BufferedReader lines) throws IOException {
    int code = 0;
    for (String line = lines.readLine(); line != null && !isExit(line); line = lines.readLine()) {
      if (!line.isBlank()) {
        code = execute(line);
      }
    }
    return code;
  }

  static boolean isExit(String line) {
    return line.strip().equals("exit");
  }

  int execute(String... words) throws Disconnected {
    ConsoleFrame command = ConsoleFrame.command(words);
    if (command.isTooLong()) {
      err.println(
          "daqstream: the command is longer than "
              + ConsoleFrame.LIMIT_BYTES
              + " bytes; use a file");
      return FAILED;
    }
    try {
      command.writeTo(server);
      while (true) {
        ConsoleFrame frame = ConsoleFrame.readFrom(server);
        if (frame == null) {
          throw new Disconnected();
        }
        switch (frame.kind()) {
          case ConsoleFrame.OUT -> frame.print(out);
          case ConsoleFrame.ERR -> frame.print(err);
          case ConsoleFrame.EXIT -> {
            return frame.exitCode();
          }
          default -> throw new IOException("unknown frame " + frame.kind());
        }
        out.flush();
        if (out.checkError()) {
          // Nobody reads any more, as behind "| head".
          return FAILED;
        }
      }
    } catch (IOException e) {
      throw new Disconnected();
    }
  }

  /** Ends the command that runs, also when another thread waits for it. */
  @Override
  public void close() throws IOException {
    server.close();
  }

  /** The connection was there and is gone. */
  static final class Disconnected extends IOException {
    private static final long serialVersionUID = 1L;

    Disconnected() {
      super("the runtime ended before the command did");
    }
  }
}
