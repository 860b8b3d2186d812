/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.daqstream.testing.Needs;

/** The peers in Node.js, written from the protocol's text alone, with the packages they need. */
final class NodeScripts {
  private static final long TIMEOUT_MS = 120_000;

  private NodeScripts() {}

  /**
   * Installs them, into target, and gives the folder; leaves the test out where there is no npm.
   */
  static Path install() throws Exception {
    Needs.program("node", "nodejs");
    Needs.program("npm", "npm");
    Path scripts = copy();
    try (RunningProcess install = RunningProcess.start(scripts, List.of("npm", "ci"))) {
      Needs.that(
          install.awaitExit(TIMEOUT_MS) == 0,
          "the npm packages of itest/node: " + String.join(" ", install.lines()));
    }
    return scripts;
  }

  private static Path copy() throws IOException {
    Path source = Path.of(System.getProperty("daqstream.node"));
    Path target = Path.of(System.getProperty("daqstream.work"), "node");
    Files.createDirectories(target);
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.write(target.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
    return target;
  }
}
