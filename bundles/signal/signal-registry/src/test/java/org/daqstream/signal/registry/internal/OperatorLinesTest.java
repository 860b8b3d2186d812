/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalSink;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What the operator reads in the log: what needs somebody, once, by name. */
public final class OperatorLinesTest {
  private static final SignalDescriptor TIME = SignalDescriptor.linearTime("t", 10);

  private final PrintStream err = System.err;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final FakeTimer timer = new FakeTimer();
  private final SignalCatalogue registry = new SignalCatalogue(timer);
  private final FakeFactory factory = new FakeFactory("w");

  @Before
  public void listen() {
    System.setErr(new PrintStream(log, true, UTF_8));
  }

  @After
  public void stopListening() {
    // What one test still has to say is not heard by the next one.
    registry.offers().queue().executeAndWait("flush", () -> {});
    System.setErr(err);
  }

  /** Warnings since the last call, without stack traces. */
  private List<String> lines() {
    List<String> lines =
        log.toString(UTF_8)
            .lines()
            .filter(line -> line.startsWith("WARN "))
            .map(line -> line.substring("WARN ".length()))
            .toList();
    log.reset();
    return lines;
  }

  private void addFactory(long serviceId) {
    registry.addWriterFactory(factory, FakeFactory.properties(serviceId, 0, "real64"));
  }

  private void removeFactory(long serviceId) {
    registry.removeWriterFactory(factory, FakeFactory.properties(serviceId, 0, "real64"));
  }

  /** Two moments, after which everything is told that is to be told. */
  private List<String> linesAfterAMoment() {
    timer.pass(MissingWriters.MOMENT_MS);
    registry.offers().queue().execute(() -> {});
    timer.pass(MissingWriters.MOMENT_MS);
    registry.offers().queue().execute(() -> {});
    return lines();
  }

  private static SignalDescriptor value(String id, String dataType) {
    return SignalDescriptor.value(id, dataType).build();
  }

  @Test
  public void missingWriterIsToldAfterAMomentInOneLineForAllItsSignals() {
    SignalTable table = registry.openTable(TIME);
    for (int i = 0; i < 7; i++) {
      table.open(value("v" + i, "real64"));
    }
    table.open(value("other", "own"));
    assertEquals(List.of(), lines());
    assertEquals(
        List.of(
            "7 signals are not available: no writer for data type real64 is installed:"
                + " v0, v1, v2, v3, v4 ...",
            "Signal other is not available: no writer for data type own is installed"),
        linesAfterAMoment());
    assertEquals("once", List.of(), linesAfterAMoment());
    assertEquals("nothing to wait for", 0, timer.waiting());
  }

  @Test
  public void writerThatComesInTimeIsNotMissed() {
    SignalTable table = registry.openTable(TIME);
    table.open(value("v", "real64"));
    addFactory(1);
    removeFactory(1); // an update
    addFactory(2);
    table.open(value("gone", "own")).close();
    assertEquals(List.of(), linesAfterAMoment());
  }

  @Test
  public void writerThatLeavesForGoodIsMissedAgain() {
    registry.openTable(TIME).open(value("v", "real64"));
    assertEquals(1, linesAfterAMoment().size());
    addFactory(1);
    removeFactory(1);
    assertEquals(
        List.of("Signal v is not available: no writer for data type real64 is installed"),
        linesAfterAMoment());
  }

  @Test
  public void everyNewWriterThatFailsIsTold() {
    SignalPort port = registry.open(TIME, value("v", "real64"));
    factory.checkFailure = new IllegalStateException("broken");
    for (int serviceId = 1; serviceId <= 2; serviceId++) {
      addFactory(serviceId);
      port.write(0, new double[1], 0, 1);
      port.write(10, new double[1], 0, 1);
      assertEquals(
          List.of(
              "Signal v: its writer ("
                  + FakeFactory.class.getName()
                  + ") or a sink failed on a block; more failures are only counted"),
          linesAfterAMoment());
      removeFactory(serviceId);
    }
  }

  @Test(timeout = 60_000)
  public void slowFactoryIsNamedAndNobodyWaitsForIt() throws InterruptedException {
    CountDownLatch goOn = new CountDownLatch(1);
    SignalTable table = registry.openTable(TIME);
    SignalPort slow = table.open(value("slow", "real64"));
    factory.creates =
        () -> {
          try {
            assertTrue(goOn.await(50, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    addFactory(1); // goes on
    registry.addWriterFactory(new FakeFactory("quick"), FakeFactory.properties(2, 0, "own"));
    assertEquals(List.of(), lines());
    timer.pass(WriterFactories.SLOW_MS);
    assertEquals(
        List.of(
            "Writer factory "
                + FakeFactory.class.getName()
                + " has not made a writer for signal slow within 1000 ms; it must not block:"
                + " until it answers nothing that is published can change"),
        lines());
    assertEquals(WriteResult.NO_WRITER, slow.write(0, new double[1], 0, 1));
    goOn.countDown();
    registry.offers().queue().executeAndWait("flush", () -> {});
    registry.offers().queue().executeAndWait("flush", () -> {});
    assertEquals(WriteResult.NO_SUBSCRIBER, slow.write(10, new double[1], 0, 1));
  }

  @Test
  public void signalThatASinkRefusesSaysSo() {
    addFactory(1);
    SignalSink refuses = new RefusingSink("no such type");
    registry.addSink(refuses);
    registry.open(TIME, value("v", "real64"));
    assertEquals(
        List.of("false " + RefusingSink.class.getName() + " refuses: no such type"),
        registry.signals().stream()
            .filter(state -> state.descriptor().signalId().equals("v"))
            .map(state -> state.available() + " " + state.reason())
            .toList());
    registry.removeSink(refuses);
    assertTrue(registry.signals().stream().allMatch(state -> state.available()));
  }
}
