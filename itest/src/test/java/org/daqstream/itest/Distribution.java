/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The distribution of the launcher, started as a user starts it. */
final class Distribution {
  static final Path FOLDER =
      Path.of(System.getProperty("daqstream.distribution", "../launcher/target/daqstream"));

  /** Takes free ports, so that tests never meet. */
  static final String FREE_PORTS = "host = 127.0.0.1\nport = 0\ncontrolPort = 0\n";

  private static final long START_TIMEOUT_MS = 60_000;
  private static final Pattern LISTENING =
      Pattern.compile("daqstream: listening on (wss?:\\S+) and (https?:\\S+), (\\d+) signals; .+");

  /** What the launcher prints when the server listens. */
  record Endpoints(URI ws, URI http, int signals) {
    static Endpoints of(String line) {
      Matcher matcher = LISTENING.matcher(line);
      if (!matcher.matches()) {
        throw new AssertionError("not the line of the launcher: " + line);
      }
      return new Endpoints(
          URI.create(matcher.group(1)),
          URI.create(matcher.group(2)),
          Integer.parseInt(matcher.group(3)));
    }
  }

  private Distribution() {}

  /** What a command of the program says, which must succeed. */
  static List<String> said(Path home, String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(FOLDER.resolve("bin/daqstream").toString());
    command.addAll(List.of("--home", home.toString()));
    command.addAll(List.of(words));
    try (RunningProcess process = RunningProcess.start(home, command)) {
      int code = process.awaitExit(START_TIMEOUT_MS);
      if (code != 0) {
        throw new AssertionError(command + " ended with " + code + ": " + process.lines());
      }
      return process.lines();
    }
  }

  /** Starts an instance with a folder of its own. */
  static RunningProcess start(Path home) throws IOException {
    return start(home, Map.of());
  }

  /** The same with more in its environment. */
  static RunningProcess start(Path home, Map<String, String> environment) throws IOException {
    String program = FOLDER.resolve("bin/daqstream").toString();
    return RunningProcess.start(home, List.of(program, "--home", home.toString()), environment);
  }

  /** Writes the configuration of the server, also while it runs. */
  static void configureServer(Path home, String text) throws IOException {
    Path conf = Files.createDirectories(home.resolve("conf"));
    Files.writeString(conf.resolve("org.daqstream.server.cfg"), text);
  }

  /** Blocks until the instance listens, looking at its lines from the given number on. */
  static Endpoints awaitListening(RunningProcess instance, int from) throws InterruptedException {
    return Endpoints.of(
        instance.awaitLine(from, line -> LISTENING.matcher(line).matches(), START_TIMEOUT_MS));
  }
}
