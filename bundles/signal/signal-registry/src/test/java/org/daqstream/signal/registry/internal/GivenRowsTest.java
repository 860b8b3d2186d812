/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.WriteResult;
import org.junit.Test;

/** Ports of one who passes on what has rows already, and asks only for what is wanted. */
public final class GivenRowsTest extends PublishedBench {
  @Test
  public void rowsAreThoseThatTheSourceGives() {
    addSink(sink);
    SignalPort port = table.open(value("v"));
    SignalPort sibling = table.open(value("s"));
    SignalPort event = events.open(value("e"));
    sink.news();
    port.writeAt(5000, 70, SAMPLES, 0, 10);
    sibling.writeAt(5000, 70, SAMPLES, 0, 4);
    port.writeAt(5020, 270, SAMPLES, 0, 10);
    event.writeAt(7, new long[] {1, 5, 6}, SAMPLES, 1, 2);
    assertEquals(
        List.of(
            "v row 5000 tick 70 n 10",
            "s row 5000 tick 70 n 4",
            "v row 5020 tick 270 n 10",
            "e row 7 tick 5 to 6 n 2"),
        sink.news());
  }

  @Test
  public void lastSampleMayComeAgainAndNothingBeforeIt() {
    addSink(sink);
    SignalPort port = table.open(value("v"));
    sink.news();
    port.writeAt(10, 0, SAMPLES, 0, 10);
    port.writeAt(19, 90, SAMPLES, 0, 1);
    assertThrows(IllegalArgumentException.class, () -> port.writeAt(18, 80, SAMPLES, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> port.writeAt(-3, 80, SAMPLES, 0, 1));
    assertThrows(
        IllegalArgumentException.class, () -> port.writeAt((1L << 62) + 1, 80, SAMPLES, 0, 1));
    assertEquals(List.of("v row 10 tick 0 n 10", "v row 19 tick 90 n 1"), sink.news());
  }

  @Test
  public void rowsThatAreNotGivenFollowThoseThatAre() {
    addSink(sink);
    SignalPort port = table.open(value("v"));
    SignalPort sibling = table.open(value("s"));
    sink.news();
    port.write(0, SAMPLES, 0, 10);
    port.writeAt(40, 400, SAMPLES, 0, 10);
    port.write(500, SAMPLES, 0, 10);
    sibling.write(500, SAMPLES, 0, 10);
    assertEquals(
        List.of(
            "v row 0 tick 0 n 10",
            "v row 40 tick 400 n 10",
            "v row 50 tick 500 n 10",
            "s row 50 tick 500 n 10"),
        sink.news());
  }

  @Test
  public void sourceIsToldWhenSinksComeAndGo() {
    SignalPort port = table.open(value("v"));
    AtomicInteger told = new AtomicInteger();
    port.whenDemandChanges(told::incrementAndGet);
    addSink(sink);
    assertEquals(1, told.get());
    sink.subscribed = false;
    sink.demandChanged.forEach(Runnable::run);
    assertEquals(2, told.get());
    assertEquals(WriteResult.NO_SUBSCRIBER, port.writeAt(0, 0, SAMPLES, 0, 1));
    port.whenDemandChanges(
        () -> {
          throw new IllegalStateException("a source's own fault");
        });
    sink.demandChanged.forEach(Runnable::run);
  }
}
