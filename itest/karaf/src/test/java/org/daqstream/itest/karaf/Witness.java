/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.karaf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A client of the server that counts and checks every sample, as a process of its own: here its
 * classes would be wired to the very bundles that the test removes.
 */
final class Witness implements AutoCloseable {
  private static final int END_TIMEOUT_S = 20;

  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;

  Witness(String[] endpoints) throws IOException {
    Path itest = Path.of(System.getProperty("daqstream.itest"));
    String classPath =
        itest.resolve("test-classes") + ":" + Files.readString(itest.resolve("bench.classpath"));
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                "org.daqstream.itest.WitnessProgram",
                endpoints[0],
                endpoints[1])
            .redirectError(Redirect.INHERIT)
            .start();
    commands = process.outputWriter(UTF_8);
    answers = process.inputReader(UTF_8);
    assertEquals("connected", "ok", answers.readLine());
  }

  /** Writes into the client's time line what is done to the server. */
  void operator(String what) throws IOException {
    ask("operator " + what);
  }

  /** Subscribes and waits for the first samples. */
  void subscribe(String signalId) throws IOException {
    ask("subscribe " + signalId);
  }

  /** Waits until the server has told this, {@code available x} or {@code unavailable x}. */
  void awaitNews(String what) throws IOException {
    ask("news " + what);
  }

  /** Waits for more samples; fails if any was lost since the subscription. */
  void assertNothingLost(String signalId) throws IOException {
    ask("lost-nothing " + signalId);
  }

  /** Puts a source of {@code counted/value} and {@code counted/stamped} there. */
  void dropSource(Path deployed) throws IOException {
    ask("drop-source " + deployed);
  }

  /** Puts a writer there that {@code counted/stamped} needs. */
  void dropWriter(Path deployed) throws IOException {
    ask("drop-writer " + deployed);
  }

  private void ask(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
    assertEquals(command, "ok", answers.readLine());
  }

  @Override
  public void close() throws IOException {
    commands.close();
    try {
      process.waitFor(END_TIMEOUT_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    answers.close();
  }
}
