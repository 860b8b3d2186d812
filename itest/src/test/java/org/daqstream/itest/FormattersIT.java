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

/** What is not Java is laid out as formatters do it: {@code itest/format}. */
public class FormattersIT {
  private static final long TIMEOUT_MS = 300_000;

  /** The script's word for formatters that cannot be had. */
  private static final int NOT_INSTALLED = 3;

  @Test
  public void everyFileIsLaidOutByItsFormatter() throws Exception {
    Needs.program("npm", "npm");
    Needs.program("python3", "python3-venv");
    Path top = Repository.ROOT.toRealPath();
    try (RunningProcess process = RunningProcess.start(top, List.of("itest/format"))) {
      int exit = process.awaitExit(TIMEOUT_MS);
      String output = String.join("\n", process.lines());
      Needs.that(exit != NOT_INSTALLED, "the packages of itest/formatters: " + output);
      assertEquals("itest/format mend does it:\n" + output, 0, exit);
    }
  }
}
