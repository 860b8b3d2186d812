/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.testing.Needs;

/** Networks of several hosts on this machine, which go with the process that made them. */
final class NetworkNamespaces {
  private static final long TIMEOUT_MS = 120_000;
  private static final List<String> OWN =
      List.of("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc");

  private NetworkNamespaces() {}

  /** Starts a script of the folder {@code network} in namespaces of its own. */
  static RunningProcess start(Path home, String script, List<String> arguments) throws Exception {
    Path folder = Path.of(System.getProperty("daqstream.node")).resolveSibling("network");
    List<String> command = new ArrayList<>(OWN);
    command.add(folder.resolve(script).toString());
    command.addAll(arguments);
    return RunningProcess.start(home, command);
  }

  /** Leaves the test out, and says so, where they cannot be made. */
  static void assumePossible() throws Exception {
    Needs.program("unshare", "util-linux");
    Needs.program("ip", "iproute2");
    List<String> command = new ArrayList<>(OWN);
    command.addAll(List.of("ip", "link", "add", "dev", "this0", "type", "veth", "peer", "peer0"));
    try (RunningProcess attempt = RunningProcess.start(Path.of("."), command)) {
      Needs.that(
          attempt.awaitExit(TIMEOUT_MS) == 0,
          "network namespaces, which root may make: " + String.join(" ", attempt.lines()));
    }
  }
}
