/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.console.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * A person who types: lines can be edited, are remembered and completed, and Ctrl-C ends a command
 * without ending the shell. All of it happens in the user's program; the runtime only answers.
 */
final class Prompt {
  private static final String PROMPT = "daqstream> ";
  private static final String COMPLETE = "daqstream:complete";
  private static final String HISTORY = ".daqstream_history";

  /** Behind these words a command begins. */
  private static final Set<String> SEPARATORS = Set.of("|", ";", "&&", "||", "(", "{");

  private final String socket;
  private final Path history;
  private final PrintStream out;
  private final PrintStream err;
  private ConsoleClient client; // null: not connected
  private boolean executing;
  private boolean interrupted;

  /** For a person whose lines are kept in the home folder. */
  Prompt(String socket, PrintStream out, PrintStream err) {
    this(
        socket,
        Path.of(System.getenv().getOrDefault("HOME", System.getProperty("user.home")), HISTORY),
        out,
        err);
  }

  Prompt(String socket, Path history, PrintStream out, PrintStream err) {
    this.socket = socket;
    this.history = history;
    this.out = out;
    this.err = err;
  }

  /** As {@link #run(Terminal)}, with the terminal that the program was started in. */
  int run() throws IOException {
    try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
      return run(terminal);
    }
  }

  /** Until the end of the input or "exit"; the exit code is that of the last command. */
  int run(Terminal terminal) throws IOException {
    terminal.handle(Terminal.Signal.INT, signal -> interrupt());
    try {
      return run(reader(terminal));
    } finally {
      disconnect();
    }
  }

  private LineReader reader(Terminal terminal) {
    DefaultParser parser = new DefaultParser();
    parser.setEscapeChars(null);
    return LineReaderBuilder.builder()
        .terminal(terminal)
        .parser(parser)
        .completer((reader, line, candidates) -> complete(line, candidates))
        .variable(LineReader.HISTORY_FILE, history)
        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
        .build();
  }

  private int run(LineReader reader) throws IOException {
    int code = 0;
    while (true) {
      String line;
      try {
        line = reader.readLine(PROMPT);
      } catch (UserInterruptException e) {
        continue; // Ctrl-C: another line
      } catch (EndOfFileException e) {
        return code;
      }
      if (ConsoleClient.isExit(line)) {
        return code;
      }
      if (!line.isBlank()) {
        code = execute(line);
      }
    }
  }

  private int execute(String line) throws IOException {
    try {
      return begin().execute(line);
    } catch (ConsoleClient.Disconnected e) {
      disconnect();
      if (!wasInterrupted()) {
        throw e;
      }
      out.println();
      return ConsoleClient.FAILED;
    } finally {
      end();
    }
  }

  /** One connection for all lines, as long as none is interrupted: variables stay. */
  private synchronized ConsoleClient begin() throws IOException {
    if (client == null) {
      client = new ConsoleClient(socket, out, err);
    }
    executing = true;
    interrupted = false;
    return client;
  }

  private synchronized void end() {
    executing = false;
  }

  private synchronized boolean wasInterrupted() {
    return interrupted;
  }

  /** The console ends what runs when its client goes. */
  private synchronized void interrupt() {
    if (executing) {
      interrupted = true;
      closeQuietly();
    }
  }

  private synchronized void disconnect() {
    closeQuietly();
    client = null;
  }

  private void closeQuietly() {
    try {
      if (client != null) {
        client.close();
      }
    } catch (IOException e) {
      err.println("daqstream: " + e.getMessage());
    }
  }

  /** Asks the runtime, over a connection of its own; what does not answer completes nothing. */
  private void complete(ParsedLine line, List<Candidate> candidates) {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (ConsoleClient asking =
        new ConsoleClient(
            socket,
            new PrintStream(answer, false, UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), false, UTF_8))) {
      asking.execute(question(line));
    } catch (IOException e) {
      return;
    }
    answer
        .toString(UTF_8)
        .lines()
        .map(word -> new Candidate(word, word, null, null, null, null, !word.endsWith("/")))
        .forEach(candidates::add);
  }

  /** The words of the command in which the cursor is, up to the cursor. */
  private static String[] question(ParsedLine line) {
    List<String> words = new ArrayList<>();
    for (String word : line.words().subList(0, line.wordIndex())) {
      if (SEPARATORS.contains(word)) {
        words.clear();
      } else {
        words.add(word);
      }
    }
    words.add(line.word().substring(0, line.wordCursor()));
    words.add(0, COMPLETE);
    return words.toArray(String[]::new);
  }
}
