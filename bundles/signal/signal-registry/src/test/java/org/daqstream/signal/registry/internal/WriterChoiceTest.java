/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;
import org.junit.Test;

/** Which writer a signal has: it waits for one, changes and loses it. */
public final class WriterChoiceTest extends CatalogueBench {
  private void removeFactory(FakeFactory removed, long serviceId, int ranking) {
    registry.removeWriterFactory(removed, FakeFactory.properties(serviceId, ranking, "real64"));
  }

  @Test
  public void signalWaitsForItsWriter() {
    registry.addSink(sink);
    SignalPort port = registry.open(TIME, VALUE);
    assertEquals(List.of("+table t:"), sink.news());
    assertFalse(state("v").available());
    assertTrue(state("v").reason(), state("v").reason().contains("real64"));
    assertEquals(WriteResult.NO_WRITER, port.write(0, new double[3], 0, 3));
    assertEquals(WriteResult.NO_WRITER, port.write(30, 1.0));

    addFactory(factory, 1, 0);
    assertEquals(List.of("+v: by w"), sink.news());
    assertTrue(state("v").available());
    assertEquals("", state("v").reason());
    port.write(40, new double[1], 0, 1);
    assertEquals(List.of("v row 4 tick 40 n 1"), sink.news());
    assertEquals(Map.of(WriteResult.NO_WRITER, 2L, WriteResult.ACCEPTED, 1L), state("v").blocks());
  }

  @Test
  public void signalGoesAndComesBackWithItsWriter() {
    registry.addSink(sink);
    addFactory(factory, 1, 0);
    SignalPort port = registry.open(TIME, VALUE);
    port.write(0, new double[5], 0, 5);
    sink.news();
    removeFactory(factory, 1, 0);
    assertEquals(List.of("-v"), sink.news());
    assertEquals(WriteResult.NO_WRITER, port.write(50, new double[5], 0, 5));
    addFactory(new FakeFactory("w2"), 2, 0);
    port.write(100, new double[5], 0, 5);
    assertEquals(List.of("+v: by w2", "v row 10 tick 100 n 5"), sink.news());
  }

  @Test
  public void highestRankingWriterServesAndTheNextTakesOver() {
    registry.addSink(sink);
    addFactory(new FakeFactory("low"), 1, -5);
    FakeFactory high = new FakeFactory("high");
    addFactory(high, 2, 7);
    addFactory(new FakeFactory("high later"), 3, 7);
    registry.open(TIME, VALUE);
    assertEquals(List.of("+table t:", "+v: by high"), sink.news());
    addFactory(new FakeFactory("highest"), 4, 100);
    assertEquals("a newcomer disturbs nobody", List.of(), sink.news());
    removeFactory(high, 2, 7);
    assertEquals(List.of("-v", "+v: by highest"), sink.news());
  }

  @Test
  public void refusingAndFailingFactoriesArePassedOver() {
    registry.addSink(sink);
    FakeFactory refuses = new FakeFactory("refuses");
    refuses.refusal = "dimensions are not for me";
    FakeFactory fails = new FakeFactory("fails");
    fails.failure = new IllegalStateException("broken");
    addFactory(refuses, 1, 9);
    addFactory(fails, 2, 8);
    registry.open(TIME, VALUE);
    String reason = state("v").reason();
    assertTrue(reason, reason.contains("dimensions are not for me") && reason.contains("broken"));
    addFactory(factory, 3, 0);
    assertEquals(List.of("+table t:", "+v: by w"), sink.news());
    assertTrue(state("v").available());
  }

  @Test
  public void factoryMayChangeItsDataTypes() {
    registry.addSink(sink);
    addFactory(factory, 1, 0);
    registry.open(TIME, VALUE);
    sink.news();
    registry.updatedWriterFactory(factory, FakeFactory.properties(1, 5, "real64", "int8"));
    assertEquals(List.of(), sink.news());
    registry.updatedWriterFactory(factory, FakeFactory.properties(1, 5, "int8"));
    assertEquals(List.of("-v"), sink.news());
    registry.updatedWriterFactory(factory, FakeFactory.properties(1, 5, "real64"));
    assertEquals(List.of("+v: by w"), sink.news());
  }

  @Test
  public void dataTypePropertyMayBeStringArrayOrCollection() {
    SignalTable table = registry.openTable(TIME);
    registry.addWriterFactory(factory, Map.of("service.id", 1L, "signal.datatype", "real64"));
    registry.addWriterFactory(
        factory, Map.of("service.id", 2L, "signal.datatype", List.of("a", "b")));
    registry.addWriterFactory(factory, Map.of("service.id", 3L));
    table.open(VALUE);
    table.open(SignalDescriptor.value("b", "b").build());
    table.open(SignalDescriptor.value("c", "c").build());
    assertTrue(state("v").available());
    assertTrue(state("b").available());
    assertFalse(state("c").available());
  }

  @Test
  public void everyTapHasAWriterOfItsOwn() {
    RecordingSink other = new RecordingSink();
    registry.addSink(sink);
    registry.addSink(other);
    addFactory(factory, 1, 0);
    SignalPort port = registry.open(TIME, VALUE);
    port.update(VALUE.toBuilder().description("new").build());
    List<Object> all = new java.util.ArrayList<>(sink.writers);
    all.addAll(other.writers);
    assertEquals(4, all.size());
    assertEquals(4, new HashSet<>(all).size());
  }

  @Test
  public void runningSignalKeepsItsFactoryInAnUpdate() {
    registry.addSink(sink);
    addFactory(factory, 1, 0);
    SignalPort port = registry.open(TIME, VALUE);
    addFactory(new FakeFactory("higher"), 2, 10);
    sink.news();
    port.update(VALUE.toBuilder().description("new").build());
    assertEquals(List.of("~v:new by w"), sink.news());
  }
}
