/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.daqstream.client.SampleBlock;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.testing.Await;
import org.junit.Test;

/** Constants and last values for who subscribes late, and how often a writer is asked. */
public class OwnLastValuesTest extends OwnSignalsBench {
  @Test
  public void constantsAndLastValuesComeWhoeverSubscribesLate() throws Exception {
    SignalDescriptor constant =
        SignalDescriptor.value("c", DataTypes.INT32).rule(Rule.CONSTANT).build();
    SignalDescriptor kept = SignalDescriptor.value("k", DataTypes.INT32).replayLast(true).build();
    for (boolean isOurs : new boolean[] {true, false}) {
      for (SignalDescriptor domain : List.of(TIME, EVENTS)) {
        TableTap table = signals.openTable(domain);
        SignalTap c = open(table, constant);
        SignalTap k = open(table, kept);
        long[] stamps = domain.equals(EVENTS) ? new long[] {130} : null;
        c.accept(3, 130, stamps, new int[] {42}, 0, 1);
        k.accept(3, 130, stamps, new int[] {43}, 0, 1);
        connect(isOurs);
        SampleNotes constants = subscribe("c");
        SampleNotes lasts = subscribe("k");
        Await.until("last values", () -> constants.count() == 1 && lasts.count() == 1);
        for (SampleNotes each : List.of(constants, lasts)) {
          SampleBlock block = each.blocks.get(0);
          assertEquals(each == constants ? 42 : 43, block.values()[0], 0);
          assertEquals(isOurs + " " + domain, 130, block.tick(0));
          assertEquals(isOurs + " " + domain, 3, block.row());
        }
        c.accept(9, 190, stamps == null ? null : new long[] {190}, new int[] {44}, 0, 1);
        assertEquals(44, constants.blocks.get(1).values()[0], 0);
        assertEquals(190, constants.blocks.get(1).tick(0));
        assertEquals(isOurs + " " + domain, 9, constants.blocks.get(1).row());
        table.close();
        signals.closed();
        taker.close();
      }
    }
  }

  @Test
  public void lastValuesOfAnotherMeaningAreForgotten() throws Exception {
    SignalDescriptor kept = SignalDescriptor.value("k", DataTypes.INT32).replayLast(true).build();
    SignalDescriptor free = kept.toBuilder().replayLast(false).build();
    SignalDescriptor volt = kept.toBuilder().unit(Unit.VOLT).build();
    for (List<SignalDescriptor> updates :
        List.of(List.of(free), List.of(free, kept), List.of(volt))) {
      TableTap table = signals.openTable(TIME);
      SignalTap tap = open(table, kept);
      tap.accept(3, 130, null, new int[] {42}, 0, 1);
      for (SignalDescriptor each : updates) {
        tap.update(each, new OwnWriters().create(each));
      }
      connect(true);
      SampleNotes listener = subscribe("k");
      assertEquals(updates.toString(), 0, listener.count());
      tap.accept(4, 140, null, new int[] {43}, 0, 1);
      assertEquals(4, listener.blocks.get(0).row());
      assertEquals(43, listener.blocks.get(0).values()[0], 0);
      table.close();
      signals.closed();
      taker.close();
    }
  }

  @Test
  public void lastValuesStayWithWhatDoesNotChangeThem() throws Exception {
    SignalDescriptor kept = SignalDescriptor.value("k", DataTypes.INT32).replayLast(true).build();
    SignalTap tap = open(signals.openTable(TIME), kept);
    tap.accept(3, 130, null, new int[] {42}, 0, 1);
    SignalDescriptor named = kept.toBuilder().name("K").build();
    tap.update(named, new OwnWriters().create(named));
    connect(true);
    SampleNotes listener = subscribe("k");
    Await.until("the last value", () -> listener.count() == 1);
    assertEquals(130, listener.blocks.get(0).tick(0));
  }

  /** Counts how often it is asked for a size. */
  private static final class Counting implements SignalWriter {
    private final SignalWriter writer;
    int asked;
    int defined;

    Counting(SignalDescriptor value) throws Exception {
      writer = new OwnWriters().create(value);
    }

    @Override
    public int sampleBytes() {
      return writer.sampleBytes();
    }

    @Override
    public Map<String, Object> definition() {
      defined++;
      return writer.definition();
    }

    @Override
    public Object newSample() {
      return writer.newSample();
    }

    @Override
    public int encodedBytes(Object samples, int offset, int count) {
      asked++;
      return writer.encodedBytes(samples, offset, count);
    }

    @Override
    public void encode(Object samples, int offset, int count, ByteBuffer target) {
      writer.encode(samples, offset, count, target);
    }
  }

  @Test
  public void writersAreNotAskedAgain() throws Exception {
    SignalDescriptor constant =
        SignalDescriptor.value("c", DataTypes.INT32).rule(Rule.CONSTANT).build();
    SignalDescriptor binary = value("b", DataTypes.BINARY);
    byte[][] bytes = {{1}, {2, 3}, {4, 5, 6}};
    OwnTable table = signals.openTable(TIME);
    Counting fixed = new Counting(constant);
    Counting variable = new Counting(binary);
    OwnSignal c = table.openSignal(constant, fixed);
    OwnSignal b = table.openSignal(binary, variable);
    connect(true);
    SampleNotes constants = subscribe("c");
    SampleNotes listener = subscribe("b");
    c.accept(0, 100, null, new int[] {1, 2, 3}, 0, 3);
    assertEquals(0, fixed.asked);
    b.accept(0, 100, null, bytes, 0, 3, 6);
    assertEquals("it was told", 0, variable.asked);
    b.accept(3, 130, null, bytes, 0, 3);
    assertEquals("the registry answers", 1, variable.asked);
    assertEquals(3, constants.count());
    assertEquals(
        List.of(1, 2, 3, 1, 2, 3),
        listener.blocks.stream().map(block -> block.payload().remaining()).toList());
  }

  /** A table of thousands would take minutes. */
  @Test
  public void signalsOfATableAreLookedAtOnceHoweverManyFollow() throws Exception {
    connect(true);
    OwnTable table = signals.openTable(TIME);
    Counting first = new Counting(value("v0", DataTypes.INT8));
    table.openSignal(value("v0", DataTypes.INT8), first);
    int before = first.defined;
    for (int i = 1; i < 20; i++) {
      open(table, value("v" + i, DataTypes.INT8));
    }
    assertEquals(before, first.defined);
    assertEquals(21, taker.client().signalIds().size());
  }

  @Test
  public void sizeOfALastSampleThatWasToldIsNotAskedAgain() throws Exception {
    SignalDescriptor kept = value("k", DataTypes.BINARY).toBuilder().replayLast(true).build();
    Counting variable = new Counting(kept);
    OwnSignal k = signals.openTable(TIME).openSignal(kept, variable);
    byte[][] bytes = {{1}, {2, 3}, {4, 5, 6}};
    k.accept(0, 100, null, bytes, 1, 1, 2);
    assertEquals("nobody is there", 0, variable.asked);
    k.accept(1, 110, null, bytes, 0, 2, 3);
    assertEquals("the last of several", 0, variable.asked);
    connect(true);
    SampleNotes listener = subscribe("k");
    Await.until("the last value", () -> listener.count() == 1);
    assertEquals(120, listener.blocks.get(0).tick(0));
    k.accept(3, 130, null, bytes, 1, 2, 5);
    assertEquals(0, variable.asked);
    assertEquals(
        List.of(2, 2, 3),
        listener.blocks.stream().map(block -> block.payload().remaining()).toList());
  }

  @Test
  public void lastValueThatIsKnownLaterComesToWhoHasSubscribed() throws Exception {
    SignalDescriptor kept = SignalDescriptor.value("k", DataTypes.INT32).replayLast(true).build();
    SignalTap tap = open(signals.openTable(TIME), kept);
    connect(true);
    SampleNotes listener = subscribe("k");
    ByteBuffer sample = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 42);
    tap.replay(3, 130, sample);
    assertEquals(1, listener.count());
    assertEquals(3, listener.blocks.get(0).row());
    assertEquals(130, listener.blocks.get(0).tick(0));
    assertEquals(42, listener.blocks.get(0).values()[0], 0);
  }
}
