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
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.daqstream.recorder.api.RecorderState;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Where files end, and which of them are deleted. */
public final class SegmentsTest {
  @Rule public final TemporaryFolder temporary = new TemporaryFolder();

  private TestBench bench(Object... keysAndValues) {
    return new TestBench(temporary.getRoot().toPath(), keysAndValues).withFormat();
  }

  private Path path(MemoryFormat.Written file) {
    return temporary.getRoot().toPath().resolve(file.name);
  }

  /** Files of 800 bytes. */
  private static void writeFiles(TestBench bench, SignalPort port, int from, int count) {
    for (int i = from; i < from + count; i++) {
      TestBench.write(port, i * 100L, 100);
      bench.pass(1_000);
    }
  }

  @Test
  public void aFileEndsWithItsSize() throws IOException {
    TestBench bench = bench("segmentBytes", 800);
    SignalPort port = bench.open("a");
    bench.pass(200);
    writeFiles(bench, port, 0, 5);
    assertTrue(bench.format.files.get(4).isFinished);
    bench.end();
    assertEquals(5, bench.format.files.size());
    assertEquals(500, bench.assertComplete("a", 500));
    assertEquals("segmentBytes", bench.format.files.get(1).why());
    assertEquals("test.a-time.20261130T035958Z.0.mem", bench.format.files.get(0).name);
    assertEquals("test.a-time.20261130T035959Z.1.mem", bench.format.files.get(1).name);
  }

  @Test
  public void aFileEndsAtTheHour() throws IOException {
    TestBench bench = bench("segmentSeconds", 3600);
    SignalPort port = bench.open("a");
    bench.pass(200);
    writeFiles(bench, port, 0, 4); // from 3:59:58.2
    assertTrue(bench.format.files.get(0).isFinished);
    bench.end();
    assertEquals(2, bench.format.files.size());
    assertEquals(400, bench.assertComplete("a", 400));
    assertEquals("test.a-time.20261130T040000Z.1.mem", bench.format.files.get(1).name);
  }

  @Test
  public void aFileEndsAtItsTimeAlsoWhenNothingComesAnyMore() {
    TestBench bench = bench("segmentSeconds", 10);
    SignalPort port = bench.open("a");
    bench.pass(200);
    TestBench.write(port, 0, 10);
    bench.pass(3_000);
    assertTrue(bench.format.files.get(0).isFinished);
    bench.end();
    assertEquals(1, bench.format.files.size());
  }

  @Test
  public void rowsAreNotTornApart() {
    TestBench bench = bench("segmentBytes", 100);
    SignalTable table =
        bench.catalogue.openTable(SignalDescriptor.linearTime("t", TestBench.MILLISECOND));
    SignalPort a = table.open(SignalDescriptor.value("a", "real64").build());
    SignalPort b = table.open(SignalDescriptor.value("b", "real64").build());
    bench.pass(200);
    for (int i = 0; i < 20; i++) {
      TestBench.write(a, i * 50L, 50);
      TestBench.write(b, i * 50L, 50);
    }
    bench.pass(1_000);
    bench.end();
    assertEquals(20, bench.format.files.size());
    for (MemoryFormat.Written file : bench.format.files) {
      assertEquals(50, file.rows);
      assertEquals(file.samples.get("a").keySet(), file.samples.get("b").keySet());
    }
  }

  @Test
  public void onlyTheOldestOfItsOwnFilesAreDeleted() throws IOException {
    TestBench bench = bench("segmentBytes", 800, "retention", "delete", "keepBytes", 2_500);
    Path foreign = temporary.getRoot().toPath().resolve("test.a-time.20200101T000000Z.0.mem");
    Files.write(foreign, new byte[10_000]);
    SignalPort port = bench.open("a");
    bench.pass(200);
    writeFiles(bench, port, 0, 1);
    Path replaced = path(bench.format.files.get(0));
    Files.write(replaced, new byte[3]); // by somebody
    writeFiles(bench, port, 1, 5);
    bench.pass(1_100);
    assertTrue(Files.exists(foreign));
    assertTrue(Files.exists(replaced));
    assertEquals(List.of(true, false, false, true, true, true), exist(bench));
    bench.end();
    TestBench again = bench("segmentBytes", 800, "retention", "delete", "keepBytes", 1_000);
    again.pass(1_100);
    assertFalse("of the run before", Files.exists(path(bench.format.files.get(4))));
    assertTrue(Files.exists(path(bench.format.files.get(5))));
    assertTrue(Files.exists(foreign));
    again.end();
  }

  @Test
  public void oldFilesAreDeleted() throws IOException {
    TestBench bench = bench("segmentBytes", 800, "retention", "delete", "keepHours", 5);
    SignalPort port = bench.open("a");
    bench.pass(200);
    writeFiles(bench, port, 0, 3);
    for (MemoryFormat.Written each : bench.format.files) {
      Files.setLastModifiedTime(path(each), FileTime.from(bench.clock().instant()));
    }
    Path old = path(bench.format.files.get(0));
    Files.setLastModifiedTime(
        old, FileTime.from(TestBench.BEGIN.minus(Duration.ofHours(5)).minusSeconds(1)));
    bench.pass(1_100);
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(path(bench.format.files.get(1))));
    bench.end();
  }

  @Test
  public void aFullDiskIsMadeRoomOnAndWithoutFilesOfItsOwnItStops() throws IOException {
    TestBench bench = bench("segmentBytes", 800, "retention", "delete", "minFreeBytes", 5_000);
    SignalPort port = bench.open("a");
    bench.pass(200);
    writeFiles(bench, port, 0, 4);
    bench.freeBytes.set(4_900);
    bench.pass(1_100);
    assertEquals(RecorderState.DISK_FULL, bench.status().state());
    assertEquals("what is needed, and no more", List.of(false, true, true, true), exist(bench));
    bench.pass(9_000);
    assertEquals("waits for the room", List.of(false, true, true, true), exist(bench));
    bench.pass(2_000);
    assertEquals("which did not come", List.of(false, false, true, true), exist(bench));
    bench.freeBytes.set(5_200);
    bench.pass(1_100);
    assertEquals("not at once", RecorderState.DISK_FULL, bench.status().state());
    bench.freeBytes.set(50_000);
    bench.pass(1_100);
    assertEquals(RecorderState.RECORDING, bench.status().state());
    assertEquals(List.of(false, false, true, true), exist(bench));
    bench.freeBytes.set(100);
    bench.pass(1_100);
    assertEquals("all that there are", List.of(false, false, false, false), exist(bench));
    bench.end();
  }

  @Test
  public void roomIsMadeBeforeThereIsTooLittle() throws IOException {
    TestBench bench = bench("segmentBytes", 800, "retention", "delete", "minFreeBytes", 100_000);
    SignalPort port = bench.open("a");
    bench.pass(200);
    writeFiles(bench, port, 0, 2);
    bench.freeBytes.set(104_999);
    bench.pass(1_100);
    assertEquals(RecorderState.RECORDING, bench.status().state());
    assertEquals(List.of(false, false), exist(bench));
    bench.end();
  }

  private List<Boolean> exist(TestBench bench) {
    return bench.format.files.stream().map(file -> Files.exists(path(file))).toList();
  }
}
