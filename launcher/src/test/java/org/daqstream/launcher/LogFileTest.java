/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class LogFileTest {
  private static final long LIMIT_BYTES = 100;

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  private Path file;
  private Path before;

  @Before
  public void nameFiles() {
    file = folder.getRoot().toPath().resolve("a.log");
    before = folder.getRoot().toPath().resolve("a.log.1");
  }

  private void print(int from, int to) throws IOException {
    try (PrintStream log = new PrintStream(new LogFile(file, LIMIT_BYTES))) {
      for (int i = from; i < to; i++) {
        log.println("line " + i);
      }
    }
  }

  @Test
  public void goesOnWhereItEnded() throws IOException {
    print(0, 2);
    print(2, 4);
    assertEquals(List.of("line 0", "line 1", "line 2", "line 3"), Files.readAllLines(file));
  }

  @Test
  public void fullFileIsMovedAndTheOneBeforeIsGone() throws IOException {
    print(0, 100);
    List<String> lines = new ArrayList<>(Files.readAllLines(before));
    assertTrue(Files.size(before) < 2 * LIMIT_BYTES);
    assertTrue(Files.size(file) < LIMIT_BYTES);
    lines.addAll(Files.readAllLines(file));
    int first = 100 - lines.size();
    for (int i = first; i < 100; i++) {
      assertEquals("line " + i, lines.get(i - first));
    }
  }
}
