/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is missing behind a file that failed is told with the ticks that it had. */
public final class FailedFileTest {
  private static final long MS = TestBench.MILLISECOND;
  private static final List<String> IDS = List.of("a", "b", "c");

  @Rule public final TemporaryFolder temporary = new TemporaryFolder();

  /** The tick of each row that was published, by signal. */
  private final Map<String, NavigableMap<Long, Long>> published = new HashMap<>();

  private void publish(SignalPort port, long row, long[] ticks, boolean isLine) {
    double[] values = new double[ticks.length];
    for (int i = 0; i < ticks.length; i++) {
      published
          .computeIfAbsent(port.descriptor().signalId(), id -> new TreeMap<>())
          .put(row + i, ticks[i]);
    }
    if (isLine) {
      port.writeAt(row, ticks[0], values, 0, ticks.length);
    } else {
      port.writeAt(row, ticks, values, 0, ticks.length);
    }
  }

  /** Each is in some file, or in a hole that begins and ends where it says. */
  private int check(TestBench bench, boolean isLine) {
    int ofDisk = 0;
    for (String id : IDS) {
      NavigableMap<Long, Long> rows = new TreeMap<>(published.get(id));
      for (RecordingHole hole : bench.holes(id)) {
        assertTrue(hole.toString(), hole.isTimeKnown());
        if (hole.reason().equals("disk")) {
          ofDisk++;
          Map.Entry<Long, Long> from = published.get(id).floorEntry(hole.fromRow());
          long behind = hole.fromRow() - from.getKey(); // the source may have left out rows there
          assertTrue(hole.toString(), behind == 0 || isLine);
          assertEquals(hole.toString(), from.getValue() + behind * MS, hole.fromTick());
          long last = published.get(id).get(hole.toRow() - 1);
          assertEquals(hole.toString(), last + (isLine ? MS : 0), hole.toTick());
        }
        rows.subMap(hole.fromRow(), hole.toRow()).clear();
      }
      for (MemoryFormat.Written file : bench.format.files) {
        file.samples.getOrDefault(id, new TreeMap<>()).keySet().forEach(rows::remove);
      }
      assertEquals("neither there nor told", Map.of(), rows);
    }
    return ofDisk;
  }

  private int atRandom(int seed, boolean isLine) throws IOException {
    published.clear();
    Random random = new Random(seed);
    TestBench bench =
        new TestBench(temporary.newFolder().toPath(), "segmentBytes", 20_000).withFormat();
    SignalTable table =
        bench.catalogue.openTable(
            isLine ? SignalDescriptor.linearTime("t", MS) : SignalDescriptor.explicitTime("t"));
    List<SignalPort> ports =
        IDS.stream().map(id -> table.open(SignalDescriptor.value(id, "real64").build())).toList();
    bench.pass(1_200);
    long row = 0;
    long tick = 1_000;
    for (int i = 0; i < 300; i++) {
      tick += random.nextInt(10) == 0 ? random.nextInt(1_000) : 0; // on a line the time jumps
      long[] ticks = new long[1 + random.nextInt(40)];
      for (int k = 0; k < ticks.length; k++) {
        ticks[k] = tick;
        tick += isLine ? MS : 1 + random.nextInt(5);
      }
      for (SignalPort each : ports) { // some wait for others that never come
        if (random.nextInt(8) > 0 || i == 299) {
          publish(each, row, ticks, isLine);
        }
        if (random.nextInt(3) == 0) {
          bench.pass(20);
        }
      }
      row += ticks.length;
      bench.pass(random.nextInt(3) * 200L);
      if (random.nextInt(25) == 0) {
        bench.format.inWrite =
            () -> {
              throw new IOException("No space left on device");
            };
        bench.pass(random.nextInt(2) * 600L);
      } else if (random.nextInt(4) == 0) {
        bench.format.inWrite = () -> {};
      }
    }
    bench.format.inWrite = () -> {};
    bench.pass(40_000);
    for (SignalPort each : ports) {
      publish(each, row, new long[] {tick}, isLine);
    }
    bench.pass(1_000);
    bench.end();
    return check(bench, isLine);
  }

  @Test
  public void onALine() throws IOException {
    int holes = 0;
    for (int seed = 1; seed <= 10; seed++) {
      holes += atRandom(seed, true);
    }
    assertTrue(holes + " holes", holes > 100);
  }

  @Test
  public void withTimesOfTheirOwn() throws IOException {
    int holes = 0;
    for (int seed = 1; seed <= 10; seed++) {
      holes += atRandom(seed, false);
    }
    assertTrue(holes + " holes", holes > 100);
  }
}
