/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;

/** A user's session in Gogo. */
final class GogoSession implements AutoCloseable {
  private final ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
  private final CommandSession session;

  GogoSession(CommandProcessor processor) {
    session =
        processor.createSession(
            InputStream.nullInputStream(),
            new PrintStream(outBytes, true, UTF_8),
            new PrintStream(errBytes, true, UTF_8));
  }

  /** What a line prints in a session of its own. */
  static String run(CommandProcessor processor, String line) throws Exception {
    try (GogoSession session = new GogoSession(processor)) {
      session.execute(line);
      return session.out();
    }
  }

  void execute(String line) throws Exception {
    session.execute(line);
  }

  String out() {
    return outBytes.toString(UTF_8);
  }

  String err() {
    return errBytes.toString(UTF_8);
  }

  @Override
  public void close() {
    session.close();
  }
}
