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

/** The tests of the Python library of streams, {@code libraries/python}. */
public class PythonLibraryIT {
  private static final long TIMEOUT_MS = 300_000;
  private static final Path LIBRARY = Repository.ROOT.resolve("libraries/python");

  @Test
  public void itsOwnTestsPass() throws Exception {
    Needs.program("python3", "python3");
    Needs.program("openssl", "openssl");
    // -B: nothing is left in the tree
    String words = "python3 -B -W error::ResourceWarning -m unittest discover -v -t . -s tests";
    try (RunningProcess python = RunningProcess.start(LIBRARY, List.of(words.split(" ")))) {
      int exit = python.awaitExit(TIMEOUT_MS);
      assertEquals(String.join("\n", python.lines()), 0, exit);
    }
  }
}
