/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The {@link SinkProcess} as the benchmark sees it. */
final class Sinks implements AutoCloseable {
  private final Path countersFile = Files.createTempFile("daqstream-bench", ".counters");
  private final Counters counters = new Counters(countersFile);
  private final Process process;
  private final PrintWriter commands;
  private final BufferedReader answers;

  Sinks() throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SinkProcess.class.getName(),
                countersFile.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    commands = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  Counters counters() {
    return counters;
  }

  /** Connects one client for each element, which are comma-separated signal ids. */
  void stream(Endpoint server, List<String> signalIds) throws IOException {
    stream(server, signalIds, 0);
  }

  /**
   * The same, with packets of one or several blocks.
   *
   * @param blockBytes size of each block
   */
  void stream(Endpoint server, List<String> signalIds, int blockBytes) throws IOException {
    send(
        server.tls() ? "tls" : "stream",
        server.host(),
        server.port(),
        String.join(";", signalIds),
        blockBytes);
  }

  /**
   * Connects to a {@link RawServer}.
   *
   * @param modulus number of different packets that it sends
   */
  void raw(Endpoint server, int clients, int modulus) throws IOException {
    send(server.tls() ? "rawTls" : "raw", server.host(), server.port(), clients, modulus);
  }

  /**
   * Connects clients that read slowly and check nothing.
   *
   * @param userAgent what they call themselves, empty for a stock client
   */
  void slow(Endpoint server, int clients, String signalId, String userAgent, int bytesPerSecond)
      throws IOException {
    send(
        "slow",
        server.host(),
        server.port(),
        clients,
        signalId,
        userAgent.replace('/', '_'),
        bytesPerSecond);
  }

  /** Takes the age of blocks from their second number, a {@code nanoTime}, from now on. */
  void startTimes() throws IOException {
    send("times");
  }

  /** Age of blocks since the last call. */
  Percentiles takeTimes() throws IOException {
    return Percentiles.parse(send("times"));
  }

  /** Time from a subscribe request to its response. */
  Percentiles responseTimes(Endpoint server, String commandInterface, int count, String signalIds)
      throws IOException {
    return Percentiles.parse(
        send("respond", server.host(), server.port(), commandInterface, count, signalIds));
  }

  /** Closes all connections and sets the counters to zero. */
  void closeAll() throws IOException {
    send("close");
  }

  private String send(Object... words) throws IOException {
    StringBuilder line = new StringBuilder();
    for (Object word : words) {
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    commands.println(line);
    String answer = answers.readLine();
    if (answer == null || answer.startsWith("error")) {
      throw new IOException("sinks: " + answer + " to: " + line);
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    commands.close();
    process.onExit().join();
    Files.delete(countersFile);
  }
}
