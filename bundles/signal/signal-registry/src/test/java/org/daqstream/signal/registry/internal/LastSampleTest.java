/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.WriteResult;
import org.junit.Test;

/** A last value that is written once reaches whoever comes later, with its row and time. */
public final class LastSampleTest {
  private static final SignalDescriptor TIME = SignalDescriptor.linearTime("t", 10);
  private static final SignalDescriptor EVENTS = SignalDescriptor.explicitTime("t");
  private static final SignalDescriptor KEPT =
      SignalDescriptor.value("v", "real64").replayLast(true).build();

  private final SignalCatalogue registry = new SignalCatalogue();
  private final FakeFactory factory = new FakeFactory("w");
  private final RecordingSink sink = new RecordingSink();

  private void addFactory() {
    registry.addWriterFactory(factory, FakeFactory.properties(1, 0, "real64"));
  }

  private void removeFactory() {
    registry.removeWriterFactory(factory, FakeFactory.properties(1, 0, "real64"));
  }

  private List<String> newsOfANewSink() {
    registry.addSink(sink);
    return sink.news();
  }

  @Test
  public void sinkThatComesLaterGetsTheLastSampleOfABlock() {
    addFactory();
    SignalPort port = registry.open(TIME, KEPT);
    double[] block = {1, 2, 3, 4};
    port.write(1000, block, 1, 2);
    block[2] = -1; // the publisher may use it again
    assertEquals(
        List.of("+table t:", "+v: by w", "v had row 1 tick 1010 value 3.0"), newsOfANewSink());
    registry.removeSink(sink);
    sink.news();
    assertEquals(
        List.of("+table t:", "+v: by w", "v had row 1 tick 1010 value 3.0"), newsOfANewSink());
    port.write(1020, 5.0);
    assertEquals(List.of("v row 2 tick 1020 n 1"), sink.news());
  }

  @Test
  public void sinkThatComesLaterGetsTheLastEvent() {
    addFactory();
    SignalPort port = registry.open(EVENTS, KEPT);
    port.write(new long[] {0, 7, 900}, new double[] {0, 2, 3}, 1, 2);
    assertEquals(
        List.of("+table t:", "+v: by w", "v had row 1 tick 900 value 3.0"), newsOfANewSink());
  }

  @Test
  public void constantIsKeptWithoutBeingAsked() {
    addFactory();
    SignalPort port =
        registry.open(TIME, SignalDescriptor.value("v", "real64").rule(Rule.CONSTANT).build());
    port.write(500, 8L);
    assertEquals(
        List.of("+table t:", "+v: by w", "v had row 0 tick 500 value 8.0"), newsOfANewSink());
  }

  @Test
  public void writerThatComesLaterGetsWhatWasWrittenWithoutIt() {
    registry.addSink(sink);
    SignalTable table = registry.openTable(TIME);
    SignalPort port = table.open(KEPT);
    sink.news();
    assertEquals(WriteResult.NO_WRITER, port.write(1000, new double[] {1, 2}, 0, 2));
    addFactory();
    assertEquals(List.of("+v: by w", "v had row 1 tick 1010 value 2.0"), sink.news());
  }

  @Test
  public void numberWrittenWithoutAWriterIsGivenToTheWriter() {
    registry.addSink(sink);
    SignalPort port = registry.open(TIME, KEPT);
    sink.news();
    assertEquals(WriteResult.NO_WRITER, port.write(1000, 2.5));
    assertEquals(WriteResult.NO_WRITER, port.write(1010, 7L));
    addFactory();
    assertEquals(List.of("+v: by w", "v had row 1 tick 1010 value 7.0"), sink.news());
  }

  @Test
  public void lineOfValuesWrittenWithoutAWriterEndsWithItsLastSample() {
    SignalPort port = registry.open(TIME, KEPT.toBuilder().rule(new Rule.LinearValue(0.5)).build());
    port.write(1000, new double[] {1}, 0, 5);
    addFactory();
    assertEquals(
        List.of("+table t:", "+v: by w", "v had row 4 tick 1040 value 3.0"), newsOfANewSink());
  }

  @Test
  public void writerThatIsRestartedGetsTheLastSample() {
    registry.addSink(sink);
    addFactory();
    SignalPort port = registry.open(TIME, KEPT);
    port.write(1000, 4.0);
    removeFactory();
    sink.news();
    addFactory();
    assertEquals(List.of("+v: by w", "v had row 0 tick 1000 value 4.0"), sink.news());
  }

  @Test
  public void nothingIsGivenBeforeTheFirstSampleNorOfASignalThatPromisesNothing() {
    addFactory();
    SignalTable table = registry.openTable(TIME);
    table.open(KEPT);
    table.open(SignalDescriptor.value("plain", "real64").build()).write(0, 1.0);
    assertEquals(List.of("+table t:", "+v: by w", "+plain: by w"), newsOfANewSink());
  }

  @Test
  public void sampleThatWouldMeanSomethingElseIsForgotten() {
    addFactory();
    SignalTable table = registry.openTable(TIME);
    SignalPort port = table.open(KEPT);
    for (SignalDescriptor changed :
        List.of(
            KEPT.toBuilder().unit(Unit.VOLT).build(),
            KEPT.toBuilder().postScaling(0, 2).build(),
            KEPT.toBuilder().replayLast(false).build())) {
      port.update(KEPT);
      port.write(0, 1.0);
      port.update(changed);
      assertEquals(changed.toString(), List.of("+table t:", "+v: by w"), newsOfANewSink());
      registry.removeSink(sink);
      sink.news();
    }
    port.update(KEPT);
    port.write(0, 1.0);
    table.updateDomain(TIME.toBuilder().resolution(new Resolution(1, 1000)).build());
    assertEquals(List.of("+table t:", "+v: by w"), newsOfANewSink());
  }

  @Test
  public void sampleSurvivesANewNameAndANewRate() {
    addFactory();
    SignalTable table = registry.openTable(TIME);
    SignalPort port = table.open(KEPT);
    port.write(0, 1.0);
    port.update(KEPT.toBuilder().description("new").build());
    table.updateDomain(TIME.toBuilder().rule(new Rule.Linear(20)).build());
    assertEquals(
        List.of("+table t:", "+v:new by w", "v had row 0 tick 0 value 1.0"), newsOfANewSink());
  }

  @Test
  public void signalThatBecomesPublicIsOpenedAgainWithItsLastSample() {
    registry.addSink(sink);
    addFactory();
    SignalPort port = registry.open(TIME, KEPT.toBuilder().isPublic(false).build());
    port.write(0, 1.0);
    sink.news();
    port.update(KEPT);
    assertEquals(List.of("-v", "+v: by w", "v had row 0 tick 0 value 1.0"), sink.news());
  }

  @Test
  public void blockThatTheWriterRefusesLeavesTheLastSample() {
    addFactory();
    SignalPort port = registry.open(TIME, KEPT);
    port.write(0, 1.0);
    try {
      port.write(10, new double[1], 0, 2);
    } catch (IndexOutOfBoundsException e) {
      // as it should be
    }
    assertEquals(
        List.of("+table t:", "+v: by w", "v had row 0 tick 0 value 1.0"), newsOfANewSink());
  }

  @Test
  public void wrongBlockWithoutAWriterIsNotTakenForTheLastSample() {
    SignalPort port = registry.open(TIME, KEPT);
    port.write(0, new double[1], 0, 1);
    port.write(10, new double[1], 0, 2); // does not hold two
    addFactory();
    assertEquals(List.of("+table t:", "+v: by w"), newsOfANewSink());
    registry.removeSink(sink);
    sink.news();
    removeFactory();
    port.write(30, "no number", 0, 1);
    addFactory(); // refuses it
    assertEquals(List.of("+table t:", "+v: by w"), newsOfANewSink());
  }

  @Test
  public void keepingAllocatesNothing() {
    addFactory();
    SignalPort port = registry.open(TIME, KEPT);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    double[] block = new double[16];
    long tick = 0;
    for (int i = 0; i < 20_000; i++) {
      port.write(tick += 160, block, 0, 16);
    }
    long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    for (int i = 0; i < 100_000; i++) {
      port.write(tick += 160, block, 0, 16);
    }
    long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    assertTrue(bytes + " bytes for 100000 blocks", bytes < 50_000);
  }

  @Test
  public void sinkThatComesWhileASampleIsBeingKeptGetsItAsABlock() {
    Runnable[] whileEncoding = {() -> registry.addSink(sink)};
    factory.encodes =
        () -> {
          Runnable now = whileEncoding[0];
          whileEncoding[0] = () -> {};
          now.run();
        };
    addFactory();
    SignalPort port = registry.open(TIME, KEPT);
    port.write(0, new FakeFactory.OwnSample(3), 0, 1);
    assertEquals(List.of("+table t:", "+v: by w", "v row 0 tick 0 n 1"), sink.news());
  }

  /** Notes the newest row that it was given in either way, as a server would. */
  private static final class NewestRow extends SingleTapSink {
    private final AtomicLong row = new AtomicLong(-1);
    private final AtomicLong accepted = new AtomicLong(-1);
    private final List<String> faults = new ArrayList<>();

    @Override
    public WriteResult accept(
        long blockRow, long tick, long[] ticks, Object samples, int offset, int count) {
      if (accepted.getAndSet(blockRow) >= blockRow) {
        faults.add("row " + blockRow + " again");
      }
      row.accumulateAndGet(blockRow, Math::max);
      return WriteResult.ACCEPTED;
    }

    @Override
    public void replay(long lastRow, long tick, ByteBuffer sample) {
      if (sample.getDouble() != lastRow || tick != lastRow * 10) {
        faults.add("row " + lastRow + " is torn");
      }
      row.accumulateAndGet(lastRow, Math::max);
    }
  }

  @Test(timeout = 60_000)
  public void sinkThatComesDuringAWriteMissesNothing() throws InterruptedException {
    addFactory();
    SignalPort port = registry.open(TIME, KEPT);
    long row = 0;
    for (int round = 0; round < 2000; round++) {
      NewestRow newest = new NewestRow();
      long first = row;
      int count = round % 5 + 1;
      Thread publisher =
          new Thread(
              () -> {
                for (long i = first; i < first + count; i++) {
                  port.write(i * 10, (double) i);
                }
              });
      publisher.start();
      registry.addSink(newest);
      publisher.join();
      row += count;
      assertEquals("round " + round, row - 1, newest.row.get());
      assertEquals(List.of(), newest.faults);
      registry.removeSink(newest);
    }
  }
}
