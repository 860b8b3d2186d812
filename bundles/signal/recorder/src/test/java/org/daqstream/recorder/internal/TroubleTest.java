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
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.Worker;
import org.daqstream.recorder.api.RecorderState;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.testing.Await;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Disks that are full, formats that are slow, fail or go: every row is in a file or in a hole. */
public final class TroubleTest {
  @Rule public final TemporaryFolder temporary = new TemporaryFolder();

  private Path path;

  private TestBench bench(Object... keysAndValues) {
    path = temporary.getRoot().toPath();
    return new TestBench(path, keysAndValues).withFormat();
  }

  @Test
  public void aSlowFormatNeverHasThePublisherWait() throws Exception {
    TestBench bench = bench("bufferBytes", 1 << 20);
    SignalPort port = bench.open("a");
    bench.pass(200);
    CountDownLatch stalled = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    bench.format.inWrite =
        () -> {
          stalled.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        };
    Worker worker =
        Worker.start(
            "recorder-test", self -> self.repeat(bench.loop::step, Throwable::printStackTrace));
    int blocks = 5_000;
    for (int i = 0; i < 10; i++) {
      TestBench.write(port, i * 100L, 100);
    }
    assertTrue(stalled.await(10, TimeUnit.SECONDS));
    for (int i = 10; i < blocks; i++) { // 4 MB, while nothing is taken
      TestBench.write(port, i * 100L, 100);
    }
    bench.format.inWrite = () -> {};
    release.countDown();
    Await.until("the ring is empty", () -> bench.loop.ring().usedBytes() == 0);
    TestBench.write(port, blocks * 100L, 1);
    Await.until("the last row", () -> bench.loop.ring().usedBytes() == 0);
    worker.stop();
    bench.end();
    long there = bench.assertComplete("a", blocks * 100L + 1);
    assertTrue("" + there, there > 100_000 && there < 140_000);
    assertEquals("recorder", bench.holes("a").get(0).reason());
    assertEquals(1, bench.holes("a").size());
  }

  @Test
  public void whateverStallsWhatIsThereAndTheHolesAreWhatWasPublished() throws Exception {
    TestBench bench = bench("bufferBytes", 1 << 16, "segmentBytes", 300_000);
    Random random = new Random(17);
    SignalPort[] ports = {bench.open("a"), bench.open("b"), bench.open("c")};
    long[] rows = new long[ports.length];
    bench.pass(200);
    for (int i = 0; i < 500; i++) {
      int blocks = random.nextInt(random.nextInt(10) == 0 ? 200 : 10);
      for (int k = 0; k < blocks; k++) {
        int which = random.nextInt(ports.length);
        int count = 1 + random.nextInt(300);
        TestBench.write(ports[which], rows[which], count);
        rows[which] += count;
      }
      bench.pass(random.nextInt(3) * 20L);
      while (bench.loop.step() == 0) {}
    }
    bench.end();
    long holes = 0;
    for (int i = 0; i < ports.length; i++) {
      String id = ports[i].descriptor().signalId();
      assertTrue(bench.assertComplete(id, rows[i]) > 0);
      holes += bench.holes(id).size();
    }
    assertTrue(holes + " holes", holes > 50);
    assertTrue(bench.format.files.size() > 10);
    assertTrue(bench.format.files.stream().allMatch(file -> file.isFinished));
  }

  @Test
  public void aDiskThatIsFullIsAHoleUntilThereIsRoomAgain() throws Exception {
    TestBench bench = bench("minFreeBytes", 1_000_000);
    SignalPort port = bench.open("a");
    bench.pass(1_100);
    TestBench.write(port, 0, 10);
    bench.pass(100);
    bench.freeBytes.set(999_999);
    bench.pass(1_100);
    assertEquals(RecorderState.DISK_FULL, bench.status().state());
    assertTrue("completed while there was room", bench.format.files.get(0).isFinished);
    for (int i = 1; i < 10; i++) {
      TestBench.write(port, i * 10L, 10);
      bench.pass(1_000);
    }
    bench.freeBytes.set(1_050_000);
    bench.pass(1_100);
    assertEquals("not at once", RecorderState.DISK_FULL, bench.status().state());
    bench.freeBytes.set(2_000_000);
    bench.pass(1_100);
    assertEquals(RecorderState.RECORDING, bench.status().state());
    TestBench.write(port, 100, 10);
    bench.pass(100);
    bench.end();
    assertEquals(20, bench.assertComplete("a", 110));
    assertEquals("disk", bench.holes("a").get(0).reason());
    assertEquals("the disk was full", bench.format.files.get(1).why());
  }

  @Test
  public void aFileThatFailsIsMendedAndWhatIsNotSafeIsAHole() throws Exception {
    TestBench bench = bench();
    SignalPort port = bench.open("a");
    SignalPort other = bench.open("other");
    bench.pass(200);
    TestBench.write(port, 0, 10);
    bench.pass(600); // synced
    TestBench.write(port, 10, 10);
    bench.pass(20);
    bench.format.inWrite =
        () -> {
          throw new IOException("No space left on device");
        };
    TestBench.write(port, 20, 10);
    bench.pass(20);
    bench.format.inWrite = () -> {};
    TestBench.write(other, 0, 10);
    TestBench.write(port, 30, 10);
    bench.pass(1_200);
    assertEquals(RecorderState.RECORDING, bench.status().state());
    TestBench.write(port, 40, 10);
    bench.pass(600);
    bench.end();
    assertEquals(10, bench.samples("other").size());
    long from = 10 * TestBench.MILLISECOND;
    long to = 40 * TestBench.MILLISECOND;
    assertEquals(List.of(new RecordingHole("a", "disk", 10, 40, true, from, to)), bench.holes("a"));
    MemoryFormat.Written failed = bench.format.files.get(0);
    assertTrue(failed.isRepaired);
    assertFalse(failed.isFinished);
    assertEquals(10, failed.syncedRows);
    assertTrue(Files.exists(path.resolve(failed.name)));
  }

  @Test
  public void aFormatThatRefusesATableLeavesOthersAlone() throws Exception {
    TestBench bench = bench();
    SignalPort port = bench.open("a");
    bench.pass(200);
    bench.format.inCreate =
        () -> {
          throw new IOException("no such type");
        };
    TestBench.write(port, 0, 10);
    bench.pass(100);
    bench.format.inCreate = () -> {};
    SignalPort other = bench.open("b");
    bench.pass(200);
    TestBench.write(other, 0, 10);
    bench.pass(2_000);
    TestBench.write(port, 10, 10);
    bench.pass(200);
    bench.end();
    assertEquals(10, bench.assertComplete("b", 10));
    assertEquals(10, bench.assertComplete("a", 20));
  }

  @Test
  public void anotherServiceForTheFormatGoesOnWithoutAHole() throws Exception {
    TestBench bench = bench();
    SignalPort port = bench.open("a");
    bench.pass(200);
    TestBench.write(port, 0, 10);
    bench.pass(100);
    bench.setFormat(null);
    assertTrue(bench.format.files.get(0).isFinished);
    assertEquals(RecorderState.NO_FORMAT, bench.status().state());
    TestBench.write(port, 10, 10);
    bench.pass(2_000);
    bench.setFormat(bench.format);
    bench.pass(100);
    TestBench.write(port, 20, 10);
    bench.pass(100);
    bench.setFormat(null);
    TestBench.write(port, 30, 10);
    bench.pass(6_000); // too long
    TestBench.write(port, 40, 10);
    bench.pass(100);
    bench.setFormat(bench.format);
    bench.pass(100);
    TestBench.write(port, 50, 10);
    bench.end();
    assertEquals(40, bench.assertComplete("a", 60));
    assertEquals("format", bench.holes("a").get(0).reason());
    assertEquals("another service for the format", bench.format.files.get(1).why());
  }

  @Test
  public void whatWasInterruptedIsMendedAtTheStartAndNothingElse() throws Exception {
    TestBench bench = bench();
    SignalPort port = bench.open("a");
    bench.pass(200);
    TestBench.write(port, 0, 10);
    bench.pass(600);
    MemoryFormat.Written file = bench.format.files.get(0);
    bench.folder.close(); // as if it were killed
    Path foreign = Files.createFile(path.resolve("_test.x.20260101T000000Z.0.mem.part"));
    MemoryFormat again = new MemoryFormat();
    TestBench next = new TestBench(path);
    next.setFormat(again);
    next.pass(100);
    assertTrue(Files.exists(path.resolve(file.name)));
    assertTrue(Files.exists(foreign));
    next.end();
  }

  @Test
  public void twoOfOneNameInOneFolderDoNotHarmEachOther() throws Exception {
    TestBench bench = bench();
    bench.pass(100);
    TestBench second = new TestBench(path).withFormat();
    second.pass(100);
    assertEquals(RecorderState.FAILED, second.status().state());
    assertTrue(second.status().reason().contains("another recorder 'test' writes"));
    bench.end();
    second.pass(3_000);
    assertEquals(RecorderState.RECORDING, second.status().state());
    second.end();
  }

  @Test
  public void aFinishThatFailsAtTheEndIsSaid() throws Exception {
    TestBench bench = bench();
    SignalPort port = bench.open("a");
    bench.pass(200);
    TestBench.write(port, 0, 10);
    bench.pass(100);
    bench.format.inFinish =
        () -> {
          throw new IOException("gone");
        };
    bench.end();
    assertEquals(1, bench.loop.board().status().holes());
    assertEquals(RecorderState.STOPPED, bench.loop.board().status().state());
  }

  @Test
  public void whatCannotBeMendedOnAFullDiskIsMendedLater() throws Exception {
    TestBench bench = bench();
    SignalPort port = bench.open("a");
    bench.pass(200);
    TestBench.write(port, 0, 10);
    bench.pass(600);
    MemoryFormat.Obstacle full =
        () -> {
          throw new IOException("No space left on device");
        };
    bench.format.inWrite = full;
    bench.format.inRepair = full;
    TestBench.write(port, 10, 10);
    bench.pass(100);
    bench.format.inWrite = () -> {};
    bench.pass(5_000);
    TestBench.write(port, 20, 10);
    bench.pass(1_000);
    assertFalse(bench.format.files.get(0).isRepaired);
    bench.format.inRepair = () -> {};
    bench.pass(31_000);
    assertTrue("without a start", bench.format.files.get(0).isRepaired);
    bench.end();
  }
}
