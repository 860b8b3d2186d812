/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.karaf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.Set;
import javax.security.auth.Subject;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;

/** Karaf's console, as somebody with every role types into it. */
final class Console {
  private static final Subject ADMINISTRATOR =
      new Subject(
          true,
          Set.of(
              new RolePrincipal("admin"),
              new RolePrincipal("manager"),
              new RolePrincipal("viewer"),
              new RolePrincipal("systembundles")),
          Set.of(),
          Set.of());

  private final SessionFactory sessions;

  Console(SessionFactory sessions) {
    this.sessions = sessions;
  }

  /**
   * Executes a line.
   *
   * @return what it prints, with all blanks and colours that Karaf adds
   * @throws AssertionError if the command fails
   */
  String execute(String line) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, UTF_8)) {
      Session session = sessions.create(InputStream.nullInputStream(), out, out);
      try {
        Subject.doAs(
            ADMINISTRATOR, (PrivilegedExceptionAction<Object>) () -> session.execute(line));
      } catch (PrivilegedActionException e) {
        // Only its text: the JVM that reports it does not know Karaf's classes.
        throw new AssertionError(line + " failed: " + e.getCause());
      } finally {
        session.close();
      }
    }
    String printed = bytes.toString(UTF_8);
    System.out.println("karaf> " + line + "\n" + printed);
    return printed;
  }
}
