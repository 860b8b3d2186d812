/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.daqstream.recorder.api.RecorderState;
import org.daqstream.signal.api.SignalPort;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public final class ScheduleTest {
  @Rule public final TemporaryFolder temporary = new TemporaryFolder();

  private static boolean contains(String zone, String time, String... spans) {
    Clock clock = Clock.fixed(Instant.parse("2026-11-30T" + time + "Z"), ZoneId.of(zone));
    return Schedule.of("schedule", List.of(spans)).contains(clock);
  }

  @Test
  public void timesAreOfTheWall() {
    assertTrue(contains("UTC", "08:00:00", "08:00-17:00"));
    assertFalse(contains("UTC", "17:00:00", "08:00-17:00"));
    assertTrue(contains("UTC", "17:00:00", "08:00-12:00", "16:00-18:30:30"));
    assertTrue(contains("Europe/Berlin", "07:00:00", "08:00-17:00"));
    assertTrue("over midnight", contains("UTC", "23:30:00", "22:00-06:00"));
    assertTrue("over midnight", contains("UTC", "05:59:59", "22:00-06:00"));
    assertFalse(contains("UTC", "06:00:00", "22:00-06:00"));
  }

  @Test
  public void whatIsNoTimeIsRefused() {
    for (String wrong : List.of("8-17", "08:00", "08:00-25:00", "a-b", "08:00-09:00-10:00")) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> contains("UTC", "00:00:00", wrong))
              .getMessage();
      assertEquals("key schedule = '" + wrong + "' must be like 08:00-17:00", message);
    }
  }

  @Test
  public void itRecordsWhenItIsTime() {
    TestBench bench =
        new TestBench(
                temporary.getRoot().toPath(), "start", "schedule", "schedule", "04:00-04:00:10")
            .withFormat();
    SignalPort port = bench.open("a");
    bench.pass(200); // from 3:59:58 on
    assertEquals(RecorderState.SCHEDULED, bench.status().state());
    TestBench.write(port, 0, 10);
    bench.pass(2_000);
    assertEquals(RecorderState.RECORDING, bench.status().state());
    TestBench.write(port, 10, 10);
    bench.pass(10_000);
    assertEquals(RecorderState.SCHEDULED, bench.status().state());
    assertTrue(bench.format.files.get(0).isFinished);
    TestBench.write(port, 20, 10);
    bench.end();
    assertEquals(10, bench.samples("a").size());
    assertEquals(10, (long) bench.samples("a").firstKey());
  }
}
