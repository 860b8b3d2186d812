/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * A client in another language, written from the protocol text alone, against the launcher: {@code
 * node/check.mjs}. It needs Node 18 and npm; what it says is printed.
 */
public class NodeClientIT {
  private static final long TIMEOUT_MS = 120_000;
  private static final List<String> FILES =
      List.of(".npmrc", "package.json", "package-lock.json", "check.mjs", "client.mjs", "host.mjs");

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void clientInNodeReadsWhatTheOperatingSystemSays() throws Exception {
    Path scripts = copyScripts();
    run(scripts, List.of("npm", "ci"));
    Path home = folder.newFolder().toPath();
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    try (RunningProcess instance = Distribution.start(home)) {
      String address = Distribution.awaitListening(instance, 0).ws().toString();
      run(scripts, List.of("node", "check.mjs", address));
    }
  }

  /** Into target, so that no node_modules is left among the sources. */
  private static Path copyScripts() throws IOException {
    Path source = Path.of(System.getProperty("daqstream.node"));
    Path target = Path.of(System.getProperty("daqstream.work"), "node");
    Files.createDirectories(target);
    for (String file : FILES) {
      Files.write(target.resolve(file), Files.readAllBytes(source.resolve(file)));
    }
    return target;
  }

  private static void run(Path directory, List<String> command) throws Exception {
    try (RunningProcess process = RunningProcess.start(directory, command)) {
      int exit = process.awaitExit(TIMEOUT_MS);
      process.lines().forEach(System.out::println);
      assertEquals(String.join(" ", command), 0, exit);
    }
  }
}
