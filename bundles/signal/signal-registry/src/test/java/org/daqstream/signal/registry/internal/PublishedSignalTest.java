/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;
import org.junit.Test;

public final class PublishedSignalTest extends PublishedBench {
  @Test
  public void outcomeSaysWhatBecameOfTheBlock() {
    SignalPort port = table.open(value("v"));
    assertEquals("no sink", WriteResult.NO_SUBSCRIBER, port.write(0, SAMPLES, 0, 10));
    assertFalse(port.hasSubscriber());
    addSink(sink);
    sink.subscribed = false;
    assertEquals(WriteResult.NO_SUBSCRIBER, port.write(100, SAMPLES, 0, 10));
    assertFalse(port.hasSubscriber());
    assertEquals(List.of(), sink.news());
    sink.subscribed = true;
    assertTrue(port.hasSubscriber());
    assertEquals(WriteResult.ACCEPTED, port.write(200, SAMPLES, 0, 10));
    assertEquals(List.of("v row 20 tick 200 n 10"), sink.news());
    sink.answer = WriteResult.TOO_LARGE;
    assertEquals(WriteResult.TOO_LARGE, port.write(300, SAMPLES, 0, 10));
    port.close();
    assertEquals(WriteResult.CLOSED, port.write(400, SAMPLES, 0, 10));
    assertEquals(WriteResult.CLOSED, port.write(400, 1.0));
    assertEquals(WriteResult.CLOSED, port.write(400, 1L));
    assertFalse(port.hasSubscriber());
  }

  @Test
  public void bestOutcomeOfSeveralSinksCounts() {
    RecordingSink other = new RecordingSink();
    addSink(sink);
    addSink(other);
    SignalPort port = table.open(value("v"));
    sink.answer = WriteResult.TOO_LARGE;
    assertEquals(WriteResult.ACCEPTED, port.write(0, SAMPLES, 0, 10));
    other.subscribed = false;
    assertEquals(WriteResult.TOO_LARGE, port.write(100, SAMPLES, 0, 10));
    sink.answer = WriteResult.NO_SUBSCRIBER;
    assertEquals(WriteResult.NO_SUBSCRIBER, port.write(200, SAMPLES, 0, 10));
    assertEquals(
        Map.of(WriteResult.ACCEPTED, 1L, WriteResult.TOO_LARGE, 1L, WriteResult.NO_SUBSCRIBER, 1L),
        registry.signals().get(1).blocks());
  }

  @Test
  public void linearValueIsGivenByTheFirstSampleOfEachBlock() {
    addSink(sink);
    Rule rule = new Rule.LinearValue(0.5);
    SignalPort port = table.open(value("v").toBuilder().rule(rule).build());
    SignalPort sibling = table.open(value("s"));
    SignalPort event = events.open(value("e").toBuilder().rule(rule).build());
    sink.news();
    port.write(0, new double[] {7}, 0, 4);
    assertArrayEquals(new double[] {7, 7.5, 8, 8.5}, sink.lastBlock, 0);
    port.write(40, new double[] {0, -1}, 1, 2);
    assertArrayEquals(new double[] {-1, -0.5}, sink.lastBlock, 0);
    table.write(60, new Object[] {new double[] {1}, SAMPLES}, 0, 3);
    event.write(new long[] {1, 5, 6}, new double[] {0, 3}, 1, 2);
    assertArrayEquals(new double[] {3, 3.5}, sink.lastBlock, 0);
    port.write(90, 2.25);
    assertArrayEquals(new double[] {2.25}, sink.lastBlock, 0);
    assertEquals(
        List.of(
            "v row 0 tick 0 n 4",
            "v row 4 tick 40 n 2",
            "v row 6 tick 60 n 3",
            "s row 6 tick 60 n 3",
            "e row 0 tick 5 to 6 n 2",
            "v row 9 tick 90 n 1"),
        sink.news());
    assertNamed(
        "signal v", IndexOutOfBoundsException.class, () -> port.write(0, new double[1], 1, 3));
    assertNamed(
        "signal v", IllegalArgumentException.class, () -> port.write(0, SAMPLES, 0, 1 << 23));
    sibling.close();
  }

  @Test
  public void otherDeltaOfALinearValueLeavesItOffered() {
    addSink(sink);
    SignalDescriptor line = value("v").toBuilder().rule(new Rule.LinearValue(1)).build();
    SignalPort port = table.open(line);
    sink.news();
    port.update(line.toBuilder().rule(new Rule.LinearValue(-2)).build());
    port.write(0, new double[] {0}, 0, 3);
    assertArrayEquals(new double[] {0, -2, -4}, sink.lastBlock, 0);
    assertEquals(List.of("~v: by w", "v row 0 tick 0 n 3"), sink.news());
    port.update(value("v"));
    assertEquals(List.of("-v", "+v: by w"), sink.news());
  }

  @Test
  public void emptyBlockDoesNothing() {
    SignalPort port = table.open(value("v"));
    SignalPort event = events.open(value("e"));
    addSink(sink);
    assertEquals(WriteResult.ACCEPTED, port.write(0, SAMPLES, 0, 0));
    assertEquals(WriteResult.ACCEPTED, event.write(new long[0], SAMPLES, 0, 0));
    assertEquals(WriteResult.ACCEPTED, table.write(0, new Object[] {SAMPLES}, 0, 0));
    assertEquals(WriteResult.ACCEPTED, events.write(new long[0], new Object[] {SAMPLES}, 0, 0));
    port.write(70, SAMPLES, 0, 1);
    assertEquals(List.of("v row 0 tick 70 n 1"), sink.news());
  }

  @Test
  public void singleNumbersGoToEitherKindOfDomain() {
    SignalPort port = table.open(value("v"));
    SignalPort event = events.open(value("e"));
    addSink(sink);
    port.write(0, 1.5);
    port.write(10, 7L);
    event.write(100, 1.5);
    event.write(90, 7L);
    assertEquals(
        List.of(
            "v row 0 tick 0 n 1",
            "v row 1 tick 10 n 1",
            "e row 0 tick 100 to 100 n 1",
            "e row 1 tick 90 to 90 n 1"),
        sink.news());
    SignalPort text = table.open(SignalDescriptor.value("x", "text").build());
    assertNamed("signal x of type text", IllegalArgumentException.class, () -> text.write(0, 1L));
  }

  @Test
  public void explicitBlocksOfPortsGetRowsOfTheirOwnAndThoseOfTheTableShareThem() {
    SignalPort first = events.open(value("a"));
    SignalPort second = events.open(value("b"));
    addSink(sink);
    long[] ticks = {0, 5, 3, 3};
    first.write(ticks, SAMPLES, 0, 4);
    second.write(ticks, SAMPLES, 1, 3);
    assertEquals(WriteResult.ACCEPTED, events.write(ticks, new Object[] {SAMPLES, SAMPLES}, 2, 2));
    events.write(ticks, new Object[] {null, SAMPLES}, 0, 1);
    assertEquals(
        List.of(
            "a row 0 tick 0 to 3 n 4",
            "b row 4 tick 5 to 3 n 3",
            "a row 7 tick 3 to 3 n 2",
            "b row 7 tick 3 to 3 n 2",
            "b row 9 tick 0 to 0 n 1"),
        sink.news());
  }

  @Test
  public void tableIsWrittenWholeOrNotAtAll() {
    table.open(value("a"));
    table.open(value("b"));
    addSink(sink);
    assertEquals(WriteResult.ACCEPTED, table.write(0, new Object[] {SAMPLES, SAMPLES}, 0, 10));
    assertEquals(WriteResult.ACCEPTED, table.write(100, new Object[] {SAMPLES, null}, 0, 10));
    assertEquals(WriteResult.ACCEPTED, table.write(200, new Object[] {SAMPLES, SAMPLES}, 0, 10));
    assertEquals(
        List.of(
            "a row 0 tick 0 n 10",
            "b row 0 tick 0 n 10",
            "a row 10 tick 100 n 10",
            "a row 20 tick 200 n 10",
            "b row 20 tick 200 n 10"),
        sink.news());
    assertNamed(
        "signal b",
        IllegalArgumentException.class,
        () -> table.write(300, new Object[] {SAMPLES, new int[10]}, 0, 10));
    assertNamed(
        "table t",
        IllegalArgumentException.class,
        () -> table.write(300, new Object[] {SAMPLES}, 0, 10));
    assertNamed(
        "table t",
        IndexOutOfBoundsException.class,
        () -> table.write(300, new Object[] {null, null}, 0, -1));
    assertEquals(List.of(), sink.news());
    assertEquals(WriteResult.NO_SUBSCRIBER, table.write(300, new Object[2], 0, 10));
    sink.subscribed = false;
    assertEquals(
        WriteResult.NO_SUBSCRIBER, table.write(300, new Object[] {SAMPLES, SAMPLES}, 0, 10));
    table.close();
    assertEquals(WriteResult.CLOSED, table.write(400, new Object[] {SAMPLES, SAMPLES}, 0, 10));
    assertEquals(WriteResult.NO_SUBSCRIBER, events.write(new long[1], new Object[0], 0, 1));
  }

  @Test
  public void writingAllocatesNothing() {
    SignalTable bare = registry.openTable(SignalDescriptor.linearTime("bare", 10));
    SignalPort one = bare.open(value("one"));
    SignalPort event = events.open(value("e"));
    registry.addSink(new SingleTapSink());
    SignalPort two = table.open(value("two"));
    Object[] block = {SAMPLES};
    long[] ticks = new long[10];
    int[] round = {0};
    Runnable writes =
        () -> {
          for (int i = 0; i < 100_000; i++) {
            long tick = 100L * round[0]++;
            one.write(tick, SAMPLES, 0, 10);
            event.write(ticks, SAMPLES, 0, 10);
            event.write(tick, 0.5);
            table.write(tick, block, 0, i % 50 == 0 ? 9 : 10);
            two.hasSubscriber();
          }
        };
    writes.run();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    writes.run();
    long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocatedBytes + " bytes allocated", allocatedBytes < 20_000);
  }
}
