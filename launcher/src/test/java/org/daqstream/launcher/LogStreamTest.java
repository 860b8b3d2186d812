/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.Test;

public class LogStreamTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream log =
      new PrintStream(
          new LogStream(
              new PrintStream(written, true, UTF_8),
              Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC),
              line -> {}),
          true,
          UTF_8);

  @Test
  public void everyLineGetsTheTime() {
    log.print("a");
    log.print("b\nc µ\n");
    assertEquals("2026-01-02T03:04:05.000Z ab\n2026-01-02T03:04:05.000Z c µ\n", text());
  }

  @Test
  public void chatterOfLibrariesIsLeftOut() {
    log.println("org.eclipse.jetty.server [org.eclipse.jetty.server.Server] INFO : Started");
    assertEquals("", text());
  }

  @Test
  public void warningsOfLibrariesStay() {
    log.println("org.eclipse.jetty.server [org.eclipse.jetty.server.Server] WARN : full");
    assertEquals(
        "2026-01-02T03:04:05.000Z "
            + "org.eclipse.jetty.server [org.eclipse.jetty.server.Server] WARN : full\n",
        text());
  }

  @Test
  public void lineWithoutEndIsCutNotKept() {
    log.print("x".repeat(40_000));
    assertEquals(2, text().lines().count());
  }

  private String text() {
    return written.toString(UTF_8).replace(System.lineSeparator(), "\n");
  }
}
