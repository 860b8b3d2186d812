/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class RefusalsTest {
  @Rule public TemporaryFolder folder = new TemporaryFolder();

  private final List<String> told = new ArrayList<>();

  private Path conf() {
    return folder.getRoot().toPath();
  }

  private void log(String line) {
    new Refusals(conf(), told::add).accept(line);
  }

  @Test
  public void keyOfTheServerIsToldWithItsFile() {
    log("org.daqstream.server [x.y.Z] ERROR : org.daqstream.server: key port = '1': in use");
    assertEquals(
        List.of(
            "org.daqstream.server: key port = '1': in use; "
                + conf().resolve("org.daqstream.server.cfg")
                + " is read again when it changes"),
        told);
  }

  @Test
  public void ofSeveralServersTheFileIsThatOfTheName() throws IOException {
    Path file = Files.createFile(conf().resolve("org.daqstream.server-b.cfg.json"));
    log("org.daqstream.server [x.y.Z] ERROR : org.daqstream.server~b: key port = '1': in use");
    assertEquals(
        List.of(
            "org.daqstream.server~b: key port = '1': in use; "
                + file
                + " is read again when it changes"),
        told);
  }

  @Test
  public void otherLinesAreOfNoInterest() {
    log("org.daqstream.server [x.y.Z] WARN : org.daqstream.server: key port = '1': in use");
    log("org.daqstream.ops [x.y.Z] ERROR : org.daqstream.ops: key port = '1': in use");
    assertEquals(List.of(), told);
  }
}
