/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Locale;
import org.daqstream.base.support.ForeignText;
import org.daqstream.sample.support.Json;

/**
 * The standard output and the standard error output. What is printed is in UTF-8, and is buffered
 * until {@link #check}. One thread.
 */
final class StandardStreams {
  private static final int BUFFER_BYTES = 64 << 10;

  private final PrintStream out;
  private final PrintStream err;
  private final boolean isTerminal;
  private final boolean isErrTerminal;
  private IOException failure;

  /**
   * On given streams.
   *
   * @param isTerminal whether people read the output directly
   * @param isErrTerminal whether they read the error output directly
   */
  StandardStreams(OutputStream out, PrintStream err, boolean isTerminal, boolean isErrTerminal) {
    this.out = new PrintStream(new Watched(out), false, UTF_8);
    this.err = err;
    this.isTerminal = isTerminal;
    this.isErrTerminal = isErrTerminal;
  }

  /** Those of the process; the script tells what is a terminal. */
  static StandardStreams ofProcess() {
    return new StandardStreams(
        new FileOutputStream(FileDescriptor.out),
        System.err,
        Boolean.getBoolean("daqstream.terminal.out"),
        Boolean.getBoolean("daqstream.terminal.err"));
  }

  /** Remembers why nothing could be written, which a {@link PrintStream} does not. */
  private final class Watched extends OutputStream {
    private final OutputStream target;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int length;

    Watched(OutputStream target) {
      this.target = target;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      if (length + count > buffer.length) {
        flush();
      }
      if (count > buffer.length) {
        pass(bytes, offset, count);
      } else {
        System.arraycopy(bytes, offset, buffer, length, count);
        length += count;
      }
    }

    @Override
    public void flush() throws IOException {
      int count = length;
      length = 0;
      pass(buffer, 0, count);
    }

    private void pass(byte[] bytes, int offset, int count) throws IOException {
      try {
        if (count > 0 && failure == null) {
          target.write(bytes, offset, count);
        }
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }

  /** The output; {@link #check} then tells whether it took all. */
  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  /** Whether people read the output directly. */
  boolean isTerminal() {
    return isTerminal;
  }

  /** Whether people read the error output directly. */
  boolean isErrTerminal() {
    return isErrTerminal;
  }

  /** Says something on the error output, in one line. */
  void say(String line) {
    err.println("daqstream: " + ForeignText.plain(line));
  }

  /** A value as JSON on one line; for a terminal nothing in it steers that. */
  String json(Object value) {
    String json = Json.of(value);
    if (!isTerminal || ForeignText.isPlain(json)) {
      return json;
    }
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      String one = String.valueOf(c);
      boolean isSafe = Character.isSurrogate(c) || ForeignText.isPlain(one);
      safe.append(isSafe ? one : String.format(Locale.ROOT, "\\u%04x", (int) c));
    }
    return safe.toString();
  }

  /** A text of somebody else, for a terminal without what steers that. */
  String text(String foreign) {
    return isTerminal ? ForeignText.plain(foreign) : foreign;
  }

  /**
   * Sends everything that was printed.
   *
   * @throws PipeClosedException when nobody reads any more
   */
  void check() {
    out.flush();
    if (failure == null) {
      return;
    }
    String why = String.valueOf(failure.getMessage());
    if (why.toLowerCase(Locale.ROOT).contains("pipe")) {
      throw new PipeClosedException();
    }
    throw new CliException(Daqstream.FAILED, "cannot write to the standard output: " + why);
  }
}
