/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.daqstream.recorder.api.RecorderStatus.RecordedFile;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The list of a recorder's own files: what outlasts it, and how long it gets. */
public final class OwnFilesTest {
  @Rule public final TemporaryFolder temporary = new TemporaryFolder();

  private Path folder;
  private Path list;

  @Before
  public void setUp() {
    folder = temporary.getRoot().toPath().resolve("r");
    list = folder.resolve("_x.recorder");
  }

  private void make(OwnFiles files, String name) throws IOException {
    files.begun(name);
    Files.write(folder.resolve(name), new byte[7]);
    files.finished(name);
  }

  private List<RecordedFile> readAgain() throws IOException {
    try (OwnFiles again = new OwnFiles(folder, "x")) {
      return again.all();
    }
  }

  @Test
  public void whatWasBegunFinishedAndForgottenOutlastsIt() throws IOException {
    try (OwnFiles files = new OwnFiles(folder, "x")) {
      make(files, "a.mem");
      files.begun("b.mem");
      make(files, "c.mem");
      assertTrue(files.delete(new RecordedFile("c.mem", 7, true)));
      assertSame("nothing is copied as long as nothing changes", files.all(), files.all());
    }
    assertEquals(
        List.of(new RecordedFile("a.mem", 7, true), new RecordedFile("b.mem", 0, false)),
        readAgain());
  }

  @Test
  public void theListIsAsLongAsWhatIsInIt() throws IOException {
    try (OwnFiles files = new OwnFiles(folder, "x")) {
      for (int i = 0; i < 1_000; i++) {
        make(files, i + ".mem");
        files.delete(new RecordedFile(i + ".mem", 7, true));
        assertTrue(Files.readAllLines(list).size() < 110);
      }
      make(files, "last.mem");
    }
    assertEquals(List.of(new RecordedFile("last.mem", 7, true)), readAgain());
  }

  @Test
  public void filesThatSomebodyMovedAwayAreForgottenAtTheNextStart() throws IOException {
    try (OwnFiles files = new OwnFiles(folder, "x")) {
      make(files, "a.mem");
      make(files, "b.mem");
      files.begun("c.mem");
    }
    Files.delete(folder.resolve("a.mem"));
    assertEquals(
        List.of(new RecordedFile("b.mem", 7, true), new RecordedFile("c.mem", 0, false)),
        readAgain());
  }

  @Test
  public void halfALineDoesNotSpoilTheNextOne() throws IOException {
    try (OwnFiles files = new OwnFiles(folder, "x")) {
      make(files, "a.mem");
      Files.writeString(list, "+ 0 hal", StandardOpenOption.APPEND); // the disk is full
      files.begun("b.mem");
      assertEquals(List.of("+ 0 a.mem", "= 7 a.mem", "+ 0 b.mem"), Files.readAllLines(list, UTF_8));
    }
    Files.write(list, new byte[] {'+', ' ', '0', ' ', (byte) 0xc3}, StandardOpenOption.APPEND);
    assertEquals(2, readAgain().stream().filter(each -> each.name().endsWith(".mem")).count());
  }

  @Test
  public void aListThatSomebodyDeletedIsWrittenAnew() throws IOException {
    try (OwnFiles files = new OwnFiles(folder, "x")) {
      make(files, "a.mem");
      Files.delete(list);
      files.begun("b.mem");
    }
    assertEquals(2, readAgain().size());
  }

  @Test
  public void aFolderThatIsAnotherOneIsNotThere() throws IOException {
    try (OwnFiles files = new OwnFiles(folder, "x")) {
      assertTrue(files.isThere());
      Path elsewhere = folder.resolveSibling("elsewhere");
      Files.move(folder, elsewhere);
      assertFalse(files.isThere());
      Files.createDirectory(folder);
      assertFalse(files.isThere());
      Files.delete(folder);
      Files.move(elsewhere, folder);
      assertTrue(files.isThere());
    }
  }
}
