/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Puts the time in UTC before each line. It stands in for {@code System.out} and {@code System.err}
 * while bundles run: logging writes there, without the time. Not thread-safe: a {@link PrintStream}
 * stands before it.
 */
final class LogStream extends OutputStream {
  private static final int MAX_LINE_BYTES = 16 * 1024;

  /** What these libraries say about every start and stop. */
  private static final Pattern NOISE =
      Pattern.compile(
          "(org\\.ops4j\\.pax\\.logging|org\\.eclipse\\.jetty|org\\.apache\\.felix\\.configadmin)\\S* \\[\\S+] INFO");

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private final PrintStream out;
  private final Clock clock;
  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  /** Puts times before lines for the first, and gives them to the last without. */
  LogStream(PrintStream out, Clock clock, Consumer<String> lines) {
    this.out = out;
    this.clock = clock;
    this.lines = lines;
  }

  @Override
  public void write(int b) {
    if (b == '\n' || line.size() == MAX_LINE_BYTES) {
      end();
    }
    if (b != '\n' && b != '\r') {
      line.write(b);
    }
  }

  private void end() {
    String text = line.toString(UTF_8);
    line.reset();
    if (!NOISE.matcher(text).lookingAt()) {
      out.println(TIME.format(clock.instant()) + " " + text);
      lines.accept(text);
    }
  }
}
