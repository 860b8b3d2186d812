/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.daqstream.recorder.api.RecorderState;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.signal.api.SignalPort;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Folders and files that are moved, deleted, or come back while they are recorded to. */
public final class GoneFolderTest {
  @Rule public final TemporaryFolder temporary = new TemporaryFolder();

  private TestBench bench(Path folder) {
    return new TestBench(folder).withFormat();
  }

  private Path path(String name) {
    return temporary.getRoot().toPath().resolve(name);
  }

  @Test
  public void aFolderThatIsTakenAwayIsLeftWithinASecondAndFoundAgain() throws IOException {
    Path folder = path("r");
    TestBench bench = bench(folder);
    SignalPort port = bench.open("a");
    bench.pass(200);
    TestBench.write(port, 0, 10);
    bench.pass(600); // synced
    TestBench.write(port, 10, 10);
    bench.pass(20);
    Files.move(folder, path("elsewhere"));
    bench.pass(1_100);
    TestBench.write(port, 20, 10);
    bench.pass(600);
    assertEquals(RecorderState.RECORDING, bench.status().state());
    assertEquals(2, bench.format.files.size());
    assertEquals("the file was moved or deleted", bench.format.files.get(1).why());
    String second = bench.format.files.get(1).name;
    assertTrue(Files.exists(folder.resolve("_" + second + ".part")));
    Files.move(folder, path("between"));
    Files.move(path("elsewhere"), folder);
    bench.pass(1_100);
    TestBench.write(port, 30, 10);
    bench.pass(600);
    bench.end();
    String first = bench.format.files.get(0).name;
    assertTrue("mended, as it has come back", Files.exists(folder.resolve(first)));
    assertTrue(Files.exists(folder.resolve(bench.format.files.get(2).name)));
    assertEquals("not synced", 10, bench.format.files.get(0).syncedRows);
    assertEquals(
        List.of(
            new RecordingHole(
                "a", "disk", 10, 20, true, 10 * TestBench.MILLISECOND, 20 * TestBench.MILLISECOND)),
        bench.format.files.get(1).holes);
  }

  @Test
  public void aFileThatIsDeletedWhileItIsWrittenIsFollowedByAnother() throws IOException {
    Path folder = path("r");
    TestBench bench = bench(folder);
    SignalPort port = bench.open("a");
    SignalPort other = bench.open("b");
    bench.pass(200);
    TestBench.write(port, 0, 10);
    TestBench.write(other, 0, 10);
    bench.pass(600);
    Files.delete(folder.resolve("_" + bench.format.files.get(0).name + ".part"));
    bench.pass(1_100);
    TestBench.write(port, 10, 10);
    TestBench.write(other, 10, 10);
    bench.pass(200);
    bench.end();
    assertEquals(3, bench.format.files.size());
    assertFalse(bench.format.files.get(0).isFinished);
    assertEquals(20, bench.format.files.get(1).rows);
    assertTrue(bench.format.files.get(2).isFinished);
    assertEquals(10L, (long) bench.format.files.get(2).samples.get("a").firstKey());
  }

  @Test
  public void aFolderThatCannotBeMadeAgainIsTriedUntilItCan() throws IOException {
    Path disk = Files.createDirectory(path("disk"));
    Path folder = disk.resolve("r");
    TestBench bench = bench(folder);
    SignalPort port = bench.open("a");
    bench.pass(200);
    TestBench.write(port, 0, 10);
    bench.pass(600);
    Files.move(disk, path("away"));
    Files.createFile(disk); // as a mount point that nobody may write to
    bench.pass(1_100);
    assertEquals(RecorderState.FAILED, bench.status().state());
    TestBench.write(port, 10, 10);
    bench.pass(20_000);
    Files.delete(disk);
    Files.move(path("away"), disk);
    bench.pass(6_000);
    assertEquals(RecorderState.RECORDING, bench.status().state());
    TestBench.write(port, 20, 10);
    bench.pass(200);
    bench.end();
    assertEquals(20, bench.assertComplete("a", 30));
    assertTrue(bench.format.files.get(0).isRepaired);
    assertEquals("disk", bench.holes("a").get(0).reason());
  }
}
