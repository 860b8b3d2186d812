/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** {@code daqstream:grep}, for the end of a pipe: Gogo has none. Karaf has its own. */
final class Grep extends Command {
  private static final String IGNORE_CASE = "-i";
  private static final String INVERT = "-v";

  Grep() {
    super(
        "daqstream:grep",
        "Shows the lines of its input that match a regular expression: signal:list | grep cpu",
        Syntax.of("PATTERN")
            .flag(IGNORE_CASE, "capital letters are like small ones")
            .flag(INVERT, "the lines that do not match"));
  }

  @Override
  protected void execute(Arguments arguments, PrintStream out, PrintStream err)
      throws CommandException, IOException {
    final Pattern pattern = pattern(arguments);
    final boolean inverted = arguments.has(INVERT);
    final BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (pattern.matcher(line).find() != inverted) {
        out.println(line);
      }
    }
  }

  private static Pattern pattern(Arguments arguments) throws CommandException {
    final int flags =
        arguments.has(IGNORE_CASE) ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
    try {
      return Pattern.compile(arguments.word(0), flags);
    } catch (PatternSyntaxException e) {
      throw new CommandException(
          "'" + arguments.word(0) + "' is no regular expression: " + e.getDescription(), e);
    }
  }
}
