/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.daqstream.recorder.api.RecorderState;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.WriteResult;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What goes into files, in a recorder whose steps and time the test makes. */
public final class RecordingLoopTest {
  @org.junit.Rule public final TemporaryFolder temporary = new TemporaryFolder();

  private TestBench bench(Object... keysAndValues) {
    return new TestBench(temporary.getRoot().toPath(), keysAndValues);
  }

  private static SignalDescriptor real(String id) {
    return SignalDescriptor.value(id, "real64").build();
  }

  private static SignalTable table(TestBench bench) {
    return bench.catalogue.openTable(SignalDescriptor.linearTime("t", TestBench.MILLISECOND));
  }

  @Test
  public void whatIsPublishedIsInAFile() throws IOException {
    TestBench bench = bench().withFormat();
    SignalPort port = bench.open("a/b c");
    bench.pass(200);
    assertTrue(port.hasSubscriber());
    TestBench.write(port, 0, 100);
    TestBench.write(port, 100, 7);
    bench.pass(600);
    MemoryFormat.Written file = bench.format.files.get(0);
    assertTrue(file.syncs > 0);
    bench.end();
    assertFalse(port.hasSubscriber());
    assertEquals(107, bench.assertComplete("a/b c", 107));
    assertEquals("test.a-b-c-time.20261130T035958Z.0.mem", file.name);
    assertTrue(file.isFinished);
    assertEquals("test", file.part.facts().get("daqstream.recorder"));
    assertTrue(temporary.getRoot().toPath().resolve(file.name).toFile().exists());
  }

  @Test
  public void aTableIsAFileAndOnlyWhatIsMeantIsInIt() {
    TestBench bench = bench("signals", "x/*").withFormat();
    SignalTable table = table(bench);
    table.open(real("x/1"));
    table.open(real("x/2"));
    table.open(real("y"));
    table.open(real("x/hidden").toBuilder().isPublic(false).build());
    bench.pass(200);
    double[][] samples = {{1, 2}, {3, 4}, {5, 6}, {7, 8}};
    table.write(0, samples, 0, 2);
    bench.pass(200);
    bench.end();
    assertEquals(1, bench.format.files.size());
    assertEquals(List.of("x/1", "x/2"), bench.format.files.get(0).ids());
    assertEquals(4, bench.samples("x/2").get(1L).value(), 0);
  }

  @Test
  public void aSignalThatComesGoesOrIsDescribedDifferentlyBeginsAPart() throws IOException {
    TestBench bench = bench().withFormat();
    SignalTable table = table(bench);
    SignalPort a = table.open(real("a"));
    bench.pass(200);
    TestBench.write(a, 0, 10);
    bench.pass(20);
    SignalPort b = table.open(real("b"));
    bench.pass(200);
    TestBench.write(a, 10, 10);
    TestBench.write(b, 10, 10);
    a.update(real("a").toBuilder().unit(Unit.VOLT).build());
    TestBench.write(a, 20, 10);
    TestBench.write(b, 20, 10);
    b.close();
    TestBench.write(a, 30, 10);
    table.updateDomain(table.domain().toBuilder().description("new").build());
    TestBench.write(a, 40, 10);
    bench.pass(200);
    table.close();
    bench.pass(200);
    assertTrue(bench.format.files.get(4).isFinished);
    bench.end();
    assertEquals(50, bench.assertComplete("a", 50));
    assertEquals(20, bench.samples("b").size());
    assertEquals(
        List.of(
            "",
            "'b' has come",
            "'a' is described differently: unit",
            "'b' is gone",
            "'t' is described differently: description"),
        bench.format.files.stream().map(MemoryFormat.Written::why).toList());
    assertEquals(
        List.of("0", "1", "2", "3", "4"),
        bench.format.files.stream().map(f -> f.part.facts().get("daqstream.part")).toList());
  }

  @Test
  public void anotherRateBeginsAPart() {
    TestBench bench = bench().withFormat();
    SignalTable table = table(bench);
    SignalPort a = table.open(real("a"));
    bench.pass(200);
    TestBench.write(a, 0, 10);
    table.updateDomain(
        table.domain().toBuilder().rule(new Rule.Linear(2 * TestBench.MILLISECOND)).build());
    a.write(10 * TestBench.MILLISECOND, new double[10], 0, 10);
    bench.pass(200);
    bench.end();
    MemoryFormat.Written second = bench.format.files.get(1);
    assertEquals("'t' is described differently: rule", second.why());
    assertEquals(10, second.rows);
    assertEquals(28 * TestBench.MILLISECOND, second.samples.get("a").lastEntry().getValue().tick());
    assertEquals(List.of(), bench.holes("a"));
  }

  @Test
  public void aThousandSignalsThatComeOneByOneAreInOneFile() {
    TestBench bench = bench().withFormat();
    SignalTable table = table(bench);
    SignalPort first = table.open(real("s/0"));
    for (int i = 1; i < 1000; i++) {
      TestBench.write(first, i - 1, 1); // while the others come
      table.open(real("s/" + i));
      if (i % 50 == 0) {
        bench.pass(20);
      }
    }
    bench.pass(400);
    bench.end();
    assertEquals(1, bench.format.files.size());
    assertEquals(1000, bench.format.files.get(0).ids().size());
    assertEquals(999, bench.samples("s/0").size());
  }

  @Test
  public void anotherTypeBeginsAPart() {
    TestBench bench = bench().withFormat();
    SignalPort port = bench.open("a");
    bench.pass(200);
    TestBench.write(port, 0, 10);
    port.update(SignalDescriptor.value("a", "int64").build());
    port.write(10 * TestBench.MILLISECOND, new long[] {1, 2}, 0, 2);
    bench.pass(200);
    bench.end();
    assertEquals(2, bench.format.files.size());
    assertEquals("int64", bench.format.files.get(1).part.signals().get(0).dataType());
    assertEquals(12, bench.samples("a").size());
  }

  @Test
  public void samplesOfAnyLengthAndStampsAreAsTheyWere() {
    TestBench bench = bench().withFormat();
    SignalPort port =
        bench.catalogue.open(
            SignalDescriptor.explicitTime("t"), SignalDescriptor.text("text").build());
    bench.pass(200);
    port.write(new long[] {5, 9}, new byte[][] {{1, 2, 3}, {4}}, 0, 2);
    bench.pass(600);
    bench.end();
    assertEquals(
        Map.of(0L, new MemoryFormat.Sample(5, 3), 1L, new MemoryFormat.Sample(9, 1)),
        bench.samples("text"));
  }

  @Test
  public void aConstantHoldsAlsoFromBeforeAndInLaterParts() {
    TestBench bench = bench("start", "command").withFormat();
    SignalTable table = table(bench);
    SignalPort a = table.open(real("a"));
    SignalPort limit = table.open(real("limit").toBuilder().rule(Rule.CONSTANT).build());
    limit.write(0, 42.0);
    bench.end();
    TestBench later = new TestBench(bench.catalogue, temporary.getRoot().toPath());
    later.withFormat();
    later.pass(200);
    TestBench.write(a, 1, 10);
    later.pass(600);
    a.update(real("a").toBuilder().description("x").build());
    TestBench.write(a, 11, 10);
    later.pass(600);
    later.end();
    assertEquals(2, later.format.files.size());
    for (MemoryFormat.Written file : later.format.files) {
      assertEquals(10, file.samples.get("a").size());
      assertEquals(file.samples.get("a").keySet(), file.samples.get("limit").keySet());
      assertTrue(file.samples.get("limit").values().stream().allMatch(s -> s.value() == 42));
    }
  }

  @Test
  public void rowsThatTheSourceLeavesOutAreAHole() throws IOException {
    TestBench bench = bench().withFormat();
    SignalPort port = bench.open("a");
    bench.pass(200);
    TestBench.write(port, 0, 10);
    double[] values = {15, 16};
    port.writeAt(15, 15 * TestBench.MILLISECOND, values, 0, 2);
    bench.pass(600);
    bench.end();
    bench.assertComplete("a", 17);
    assertEquals(
        List.of(
            new RecordingHole(
                "a", "rows", 10, 15, true, 10 * TestBench.MILLISECOND, 15 * TestBench.MILLISECOND)),
        bench.holes("a"));
  }

  @Test
  public void whatFindsNoRoomIsAHole() throws IOException {
    TestBench bench = bench("bufferBytes", 65_536).withFormat();
    SignalPort port = bench.open("a");
    bench.pass(200);
    for (int i = 0; i < 30; i++) {
      TestBench.write(port, i * 1000L, 1000); // 8 kB each
    }
    bench.pass(200);
    TestBench.write(port, 30_000, 10);
    bench.pass(400);
    long there = bench.assertComplete("a", 30_010);
    assertTrue("" + there, there > 4_000 && there < 10_000);
    assertEquals(30_010 - there, bench.status().lostSamples());
    assertEquals(1, bench.status().holes());
    bench.end();
  }

  @Test
  public void aHoleThatNoBlockEndsIsToldAtTheEnd() throws IOException {
    TestBench bench = bench("bufferBytes", 65_536).withFormat();
    SignalPort port = bench.open("a");
    bench.pass(200);
    for (int i = 0; i < 30; i++) {
      TestBench.write(port, i * 1000L, 1000);
    }
    port.close();
    bench.pass(200);
    assertTrue(bench.format.files.get(0).isFinished);
    bench.end();
    bench.assertComplete("a", 30_000);
  }

  @Test
  public void aSampleLargerThanTheMemoryIsAHole() {
    TestBench bench = bench("bufferBytes", 65_536).withFormat();
    SignalPort port =
        bench.catalogue.open(
            SignalDescriptor.linearTime("t", 10), SignalDescriptor.value("x", "binary").build());
    bench.pass(200);
    assertEquals(WriteResult.ACCEPTED, port.write(0, new byte[][] {new byte[50_000]}, 0, 1));
    port.write(10, new byte[][] {new byte[5]}, 0, 1);
    bench.pass(400);
    bench.end();
    assertEquals(List.of(new RecordingHole("x", "size", 0, 1, true, 0, 10)), bench.holes("x"));
    assertEquals(1, bench.samples("x").size());
  }

  @Test
  public void commandsBeginAndEnd() {
    TestBench bench = bench("start", "command").withFormat();
    SignalPort port = bench.open("a");
    bench.pass(200);
    assertEquals(RecorderState.STOPPED, bench.status().state());
    assertEquals(WriteResult.NO_SUBSCRIBER, port.write(0, 0.0));
    bench.loop.setStarted(true);
    bench.pass(200);
    assertEquals(RecorderState.RECORDING, bench.status().state());
    TestBench.write(port, 1, 5);
    bench.loop.setStarted(false);
    bench.pass(200);
    assertTrue(bench.format.files.get(0).isFinished);
    TestBench.write(port, 6, 5);
    bench.loop.setStarted(true);
    bench.pass(200);
    TestBench.write(port, 11, 5);
    bench.pass(200);
    bench.end();
    assertEquals(2, bench.format.files.size());
    assertEquals(10, bench.samples("a").size());
    assertEquals("what was not wanted is no hole", List.of(), bench.holes("a"));
  }
}
