/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.daqstream.testing.Needs;
import org.junit.Test;

/** The library in C, by a script of its own: built without warnings, tested and fuzzed. */
public class CLibraryIT {
  private static final String LEFT_OUT = "left out: ";
  private static final long TIMEOUT_MS = 300_000;

  @Test
  public void passesItsOwnTests() throws Exception {
    Needs.program("bash", "bash");
    Path folder = Repository.ROOT.resolve("libraries/c");
    try (RunningProcess test = RunningProcess.start(folder, List.of("./test"))) {
      int code = test.awaitExit(TIMEOUT_MS);
      assertEquals(String.join("\n", test.lines()), 0, code);
      List<String> missing =
          test.lines(line -> line.startsWith(LEFT_OUT)).stream()
              .map(line -> line.substring(LEFT_OUT.length()))
              .toList();
      Needs.that(missing.isEmpty(), String.join("; ", missing));
    }
  }
}
