/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** {@code daqstream:grep}, for the end of a pipe: Gogo has none. Karaf has its own. */
final class Grep {
  private static final String IGNORE_CASE = "-i";
  private static final String INVERT = "-v";

  private Grep() {}

  static DeclaredCommand command() {
    return new DeclaredCommand(
        "daqstream:grep",
        "Shows the lines of its input that match a regular expression: signal:list | grep cpu",
        Syntax.of("PATTERN")
            .flag(IGNORE_CASE, "capital letters are like small ones")
            .flag(INVERT, "the lines that do not match"),
        Grep::execute);
  }

  private static void execute(Call call) throws IOException {
    Pattern pattern = pattern(call);
    boolean inverted = call.has(INVERT);
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (pattern.matcher(line).find() != inverted) {
        call.out().println(line);
      }
    }
  }

  private static Pattern pattern(Call call) {
    int flags = call.has(IGNORE_CASE) ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
    try {
      return Pattern.compile(call.word(0), flags);
    } catch (PatternSyntaxException e) {
      throw new CommandException(
          "'" + call.word(0) + "' is no regular expression: " + e.getDescription(), e);
    }
  }
}
