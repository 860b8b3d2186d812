/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.WriteResult;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is there, what the recorder lost, and what the source left out are all rows. */
public final class HolesTest {
  @Rule public final TemporaryFolder temporary = new TemporaryFolder();

  private TestBench bench(Object... keysAndValues) {
    return new TestBench(temporary.getRoot().toPath(), keysAndValues).withFormat();
  }

  private static SignalPort open(TestBench bench, String id) {
    return bench.catalogue.open(
        SignalDescriptor.linearTime(id + "/time", TestBench.MILLISECOND),
        SignalDescriptor.value(id, FailingWriterFactory.TYPE).build());
  }

  /** Rows with their numbers as values, one of which may be something else. */
  private static WriteResult write(SignalPort port, long row, int count, int at, double special) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = i == at ? special : row + i;
    }
    return port.writeAt(row, row * TestBench.MILLISECOND, values, 0, count);
  }

  private static WriteResult write(SignalPort port, long row, int count) {
    return write(port, row, count, -1, 0);
  }

  private static RecordingHole hole(String reason, long from, long to) {
    return new RecordingHole(
        "a", reason, from, to, true, from * TestBench.MILLISECOND, to * TestBench.MILLISECOND);
  }

  @Test
  public void whatTheSourceLeavesOutBesideALossIsToldForItself() throws IOException {
    TestBench bench = bench("bufferBytes", 65_536);
    SignalPort port = bench.open("a");
    bench.pass(200);
    write(port, 0, 10);
    bench.pass(100);
    long row = 20; // ten are left out
    for (int i = 0; i < 30; i++) {
      write(port, row, 1000);
      row += 1000;
    }
    bench.pass(200);
    write(port, row + 5, 10); // and five
    bench.pass(400);
    bench.end();
    bench.assertComplete("a", row + 15);
    List<RecordingHole> holes = bench.holes("a");
    long lost = holes.get(1).fromRow();
    assertEquals(
        List.of(hole("rows", 10, 20), hole("recorder", lost, row), hole("rows", row, row + 5)),
        holes);
  }

  @Test
  public void whatTheSourceLeavesOutBeforeALossAtTheEndIsTold() throws IOException {
    TestBench bench = bench("bufferBytes", 65_536);
    SignalPort port = bench.open("a");
    bench.pass(200);
    for (int i = 0; i < 8; i++) {
      write(port, i * 1000L, 1000);
    }
    write(port, 9_000, 1000); // finds no room
    bench.pass(200);
    port.close();
    bench.pass(200);
    bench.end();
    bench.assertComplete("a", 10_000);
    assertEquals(
        List.of(hole("rows", 8_000, 9_000), hole("recorder", 9_000, 10_000)), bench.holes("a"));
  }

  @Test
  public void whatTheSourceLeavesOutWhenTheDiskIsFullIsToldForItself() throws IOException {
    TestBench bench = bench("minFreeBytes", 1_000_000);
    SignalPort port = bench.open("a");
    bench.pass(1_100);
    write(port, 0, 10);
    bench.pass(100);
    bench.freeBytes.set(0);
    bench.pass(7_000);
    write(port, 15, 10);
    bench.pass(100);
    bench.freeBytes.set(2_000_000);
    bench.pass(1_100);
    write(port, 30, 10);
    bench.pass(100);
    bench.end();
    bench.assertComplete("a", 40);
    assertEquals(
        List.of(hole("rows", 10, 15), hole("disk", 15, 25), hole("rows", 25, 30)),
        bench.holes("a"));
  }

  @Test
  public void aWriterThatFailsIsAHoleUntilTheEndOfTheBlock() throws IOException {
    for (double special : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      TestBench bench = bench("bufferBytes", 65_536, "folder", temporary.newFolder().toString());
      SignalPort port = open(bench, "a");
      bench.pass(200);
      write(port, 0, 100);
      write(port, 100, 2_000, 700, special); // pieces of 512 rows
      write(port, 2_100, 10);
      bench.pass(600);
      bench.end();
      assertEquals(List.of(hole("writer", 100 + 512, 2_100)), bench.holes("a"));
      bench.assertComplete("a", 2_110);
      assertEquals(2_000 - 512, bench.loop.board().status().lostSamples());
    }
  }

  @Test
  public void aChangeBehindAFailureOfTheWriterIsInItsPlace() {
    TestBench bench = bench();
    SignalPort port = open(bench, "a");
    bench.pass(200);
    write(port, 0, 10);
    bench.pass(20);
    write(port, 10, 10, 5, Double.NaN);
    port.update(port.descriptor().toBuilder().unit(Unit.VOLT).build());
    write(port, 20, 10);
    bench.pass(200);
    bench.end();
    assertEquals(2, bench.format.files.size());
    assertEquals(Set.of(20L), Set.of(bench.format.files.get(1).samples.get("a").firstKey()));
    assertEquals(9L, (long) bench.format.files.get(0).samples.get("a").lastKey());
  }

  @Test
  public void aHoleThatAFileWasToldWhichThenFailsIsToldAgain() {
    TestBench bench = bench("bufferBytes", 65_536);
    SignalTable table =
        bench.catalogue.openTable(SignalDescriptor.linearTime("t", TestBench.MILLISECOND));
    SignalPort port = table.open(SignalDescriptor.value("a", "real64").build());
    SignalPort other = table.open(SignalDescriptor.value("b", "real64").build());
    bench.pass(200);
    for (int i = 0; i < 10; i++) {
      write(port, i * 1000L, 1000);
    }
    bench.setFormat(null);
    bench.pass(7_000);
    bench.setFormat(bench.format);
    bench.format.inCreate =
        () -> {
          throw new IOException("not yet");
        };
    write(port, 10_000, 1000); // what is missing before waits with it for the other
    bench.pass(20);
    write(other, 10_000, 1000);
    bench.pass(20);
    bench.format.inCreate = () -> {};
    bench.pass(4_000);
    write(port, 11_000, 10);
    write(other, 11_000, 10);
    bench.pass(200);
    bench.end();
    BitSet told = new BitSet();
    bench.holes("a").forEach(each -> told.set((int) each.fromRow(), (int) each.toRow()));
    assertEquals("all that is not there", 11_000, told.nextClearBit(0));
    assertEquals(11_000L, (long) bench.samples("a").firstKey());
  }

  /** Sources that leave rows out, with memory that is full, disks that are, writers that fail. */
  @Test
  public void atRandomAllRowsAreThereOrInExactlyOneHole() throws IOException {
    for (int seed = 1; seed <= 30; seed++) {
      Random random = new Random(seed);
      TestBench bench =
          bench(
              "bufferBytes", 65_536,
              "minFreeBytes", 1_000,
              "segmentBytes", 200_000,
              "folder", temporary.newFolder().toString());
      SignalPort port = open(bench, "a");
      bench.pass(1_200);
      Set<Long> left = new TreeSet<>();
      long row = 0;
      for (int i = 0; i < 400; i++) {
        if (row > 0 && random.nextInt(10) == 0) {
          int some = 1 + random.nextInt(20);
          for (int k = 0; k < some; k++) {
            left.add(row++);
          }
        }
        int count = 1 + random.nextInt(random.nextInt(5) == 0 ? 2_000 : 50);
        int at = random.nextInt(20) == 0 ? random.nextInt(count) : -1;
        double special = random.nextBoolean() ? Double.NaN : Double.NEGATIVE_INFINITY;
        write(port, row, count, at, special);
        row += count;
        if (random.nextInt(4) == 0) {
          bench.pass(random.nextInt(3) * 20L);
        }
        if (random.nextInt(80) == 0) {
          bench.freeBytes.set(random.nextBoolean() ? 0 : 1_000_000);
          bench.pass(1_000);
        }
      }
      bench.freeBytes.set(1_000_000);
      bench.pass(7_000);
      write(port, row++, 1);
      bench.pass(200);
      bench.end();
      bench.assertComplete("a", row);
      for (RecordingHole hole : bench.holes("a")) {
        for (long each = hole.fromRow(); each < hole.toRow(); each++) {
          assertFalse(hole + " of " + each, hole.reason().equals("rows") && !left.contains(each));
        }
      }
    }
  }
}
