/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public final class WatchedFolderTest {
  @Rule public final TemporaryFolder temporary = new TemporaryFolder();

  private final List<String> complaints = new ArrayList<>();

  private WatchedFolder folder(Path path) {
    return new WatchedFolder(
        path,
        new FileFormats()::of,
        (file, format) -> {
          throw new AssertionError(file + " has settled");
        },
        format -> false,
        complaints::add);
  }

  @Test
  public void aComplaintIsSaidOnceAndAgainWhenItCameBack() throws IOException {
    Path path = temporary.getRoot().toPath();
    WatchedFolder folder = folder(path);
    for (int look = 0; look < 5; look++) {
      for (int i = 0; i <= WatchedFolder.FILE_LIMIT; i++) {
        Path file = path.resolve("%03d.csv".formatted(i));
        Files.write(file, new byte[0]);
        Files.setLastModifiedTime(file, FileTime.fromMillis(look)); // not settled
      }
      if (look == 3) {
        Files.delete(path.resolve("000.csv"));
      }
      folder.scan();
    }
    String tooMany = "more than 100 files, the last by name are not played";
    assertEquals(List.of(tooMany, tooMany), complaints);
  }

  @Test
  public void whatIsNotThereYetIsSaidOnce() {
    WatchedFolder folder = folder(temporary.getRoot().toPath().resolve("later"));
    folder.scan();
    folder.scan();
    assertEquals(List.of("does not exist (yet)"), complaints);
  }
}
