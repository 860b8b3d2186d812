/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.WriteResult;
import org.junit.Test;

public final class SignalCatalogueTest extends CatalogueBench {
  @Test
  public void sinkHearsOfTablesAndSignalsInOrder() {
    registry.addSink(sink);
    addFactory(factory, 1, 0);
    SignalTable table = registry.openTable(TIME);
    SignalPort first = table.open(VALUE);
    table.open(value("v2"));
    assertEquals(List.of("+table t:", "+v: by w", "+v2: by w"), sink.news());
    first.close();
    assertEquals(List.of("-v"), sink.news());
    table.close();
    assertEquals(List.of("-v2", "-table t"), sink.news());
    assertEquals(List.of(), registry.signals());
  }

  @Test
  public void closingTwiceDoesNothing() {
    registry.addSink(sink);
    addFactory(factory, 1, 0);
    SignalTable table = registry.openTable(TIME);
    SignalPort port = table.open(VALUE);
    port.close();
    port.close();
    table.close();
    sink.news();
    SignalTable again = registry.openTable(TIME);
    again.open(VALUE);
    table.close();
    port.close();
    assertEquals(List.of("+table t:", "+v: by w"), sink.news());
    assertEquals(2, registry.signals().size());
  }

  @Test
  public void singleSignalTakesItsDomainWithIt() {
    registry.addSink(sink);
    addFactory(factory, 1, 0);
    registry.open(TIME, VALUE).close();
    assertEquals(List.of("+table t:", "+v: by w", "-v", "-table t"), sink.news());
    registry.open(TIME, VALUE);
  }

  @Test
  public void takenIdIsRefused() {
    registry.addSink(sink);
    SignalTable table = registry.openTable(TIME);
    table.open(VALUE);
    sink.news();
    for (String id : List.of("t", "v")) {
      SignalDescriptor taken = value(id);
      assertRefused(id, () -> table.open(taken));
      assertRefused(id, () -> registry.open(SignalDescriptor.linearTime("t2", 1), taken));
      assertRefused(id, () -> registry.openTable(SignalDescriptor.linearTime(id, 1)));
    }
    assertRefused(
        "same", () -> registry.open(SignalDescriptor.linearTime("same", 1), value("same")));
    assertEquals(List.of("+table same:", "-table same"), sink.news());
    registry.open(SignalDescriptor.linearTime("t2", 1), value("same"));
  }

  private static void assertRefused(String named, Runnable call) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage(), e.getMessage().contains(named));
  }

  @Test
  public void rulesThatDoNotFitAreRefused() {
    assertRefused("t", () -> registry.openTable(TIME.toBuilder().rule(Rule.CONSTANT).build()));
    assertRefused("real64", () -> registry.openTable(value("t")));
    Rule line = new Rule.LinearValue(0.5);
    assertRefused("t", () -> registry.openTable(TIME.toBuilder().rule(line).build()));
    for (SignalDescriptor.Builder refused :
        List.of(
            VALUE.toBuilder().rule(new Rule.Linear(1)),
            VALUE.toBuilder().rule(line).dataType("complex32"),
            VALUE.toBuilder().rule(line).dataType("int128"),
            VALUE.toBuilder().rule(line).dataType("struct"),
            VALUE.toBuilder().rule(line).dataType("int16"),
            VALUE.toBuilder().rule(new Rule.LinearValue(0x1p54)).dataType("int64"),
            VALUE.toBuilder()
                .rule(line)
                .dimensions(List.of(new Dimension.Linear("f", 0, 1, 3, Unit.HERTZ))))) {
      assertRefused("signal v: ", () -> registry.open(TIME, refused.build()));
    }
    assertEquals(List.of(), registry.signals());
  }

  @Test
  public void closedTableOpensNothing() {
    SignalTable table = registry.openTable(TIME);
    table.close();
    assertThrows(IllegalStateException.class, () -> table.open(VALUE));
    assertThrows(IllegalStateException.class, () -> table.updateDomain(TIME));
    registry.open(TIME, VALUE); // both ids are free
  }

  @Test
  public void lateSinkIsToldOfEverythingAndLeavingSinkIsClosed() {
    addFactory(factory, 1, 0);
    SignalPort port = registry.open(TIME, VALUE);
    registry.open(SignalDescriptor.explicitTime("t2"), SignalDescriptor.value("x", "?").build());
    port.write(0, new double[2], 0, 2);
    registry.addSink(sink);
    assertEquals(List.of("+table t:", "+v: by w", "+table t2:"), sink.news());
    RecordingSink other = new RecordingSink();
    registry.addSink(other);
    other.news();
    port.write(20, new double[2], 0, 2);
    assertEquals(List.of("v row 2 tick 20 n 2"), sink.news());
    registry.removeSink(sink);
    assertEquals(List.of("-v", "-table t", "-table t2"), sink.news());
    port.write(40, new double[2], 0, 2);
    assertEquals(List.of(), sink.news());
    assertEquals(List.of("v row 2 tick 20 n 2", "v row 4 tick 40 n 2"), other.news());
  }

  @Test
  public void throwingSinkIsPassedOver() {
    RecordingSink bad = new RecordingSink();
    bad.failure = new IllegalStateException("on purpose");
    registry.addSink(bad);
    registry.addSink(sink);
    addFactory(factory, 1, 0);
    for (String failsAt : List.of("+table", "+v", "~v", "~table", "-v", "-table")) {
      bad.failsAt = failsAt;
      SignalTable table = registry.openTable(TIME);
      SignalPort port = table.open(VALUE);
      port.update(VALUE.toBuilder().description("new").build());
      table.updateDomain(TIME.toBuilder().description("new").build());
      assertEquals(WriteResult.ACCEPTED, port.write(0, new double[1], 0, 1));
      table.close();
      assertEquals(
          failsAt,
          List.of(
              "+table t:",
              "+v: by w",
              "~v:new by w",
              "~table t:new Linear[deltaTicks=10]",
              "v row 0 tick 0 n 1",
              "-v",
              "-table t"),
          sink.news());
    }
    bad.failure = new NoClassDefFoundError("on purpose");
    bad.failsAt = "+";
    registry.openTable(TIME).open(VALUE);
    assertEquals(List.of("+table t:", "+v: by w"), sink.news());
  }

  @Test
  public void sinkMayPublishSignalsItself() {
    registry.addSink(sink);
    registry.addSink(
        domain -> {
          if (domain.signalId().equals("t")) {
            registry.openTable(SignalDescriptor.linearTime("statistics", 1));
          }
          return null;
        });
    registry.openTable(TIME);
    registry.offers().queue().execute(() -> {}); // behind what the sink brought
    assertEquals(List.of("+table t:", "+table statistics:"), sink.news());
  }

  @Test
  public void compatibleUpdateKeepsTheSignal() {
    registry.addSink(sink);
    addFactory(factory, 1, 0);
    SignalPort port = registry.open(TIME, VALUE);
    sink.news();
    SignalDescriptor described = VALUE.toBuilder().description("new").build();
    port.update(described);
    assertEquals(List.of("~v:new by w"), sink.news());
    assertEquals(described, port.descriptor());
    port.update(described);
    assertEquals("no change", List.of(), sink.news());
    assertThrows(IllegalArgumentException.class, () -> port.update(value("other")));
    port.close();
    assertThrows(IllegalStateException.class, () -> port.update(described));
  }

  @Test
  public void incompatibleUpdateWithdrawsAndOffersAgain() {
    registry.addSink(sink);
    registry.addWriterFactory(factory, FakeFactory.properties(1, 0, "real64", "int16"));
    SignalPort port = registry.open(TIME, VALUE);
    sink.news();
    port.update(VALUE.toBuilder().dataType("int16").description("int16").build());
    assertEquals(List.of("-v", "+v:int16 by w"), sink.news());
    port.update(VALUE.toBuilder().dataType("int16").rule(Rule.CONSTANT).build());
    assertEquals(List.of("-v", "+v: by w"), sink.news());
    port.update(port.descriptor().toBuilder().postScaling(1, 2).build());
    assertEquals("other type on the wire", List.of("-v", "+v: by w"), sink.news());
    port.update(VALUE.toBuilder().dataType("none").build());
    assertEquals(List.of("-v"), sink.news());
    assertFalse(state("v").available());
    port.update(VALUE);
    assertEquals(List.of("+v: by w"), sink.news());
  }

  @Test
  public void domainUpdateTakesEffectWithTheNextBlocks() {
    registry.addSink(sink);
    addFactory(factory, 1, 0);
    SignalTable table = registry.openTable(TIME);
    SignalPort port = table.open(VALUE);
    port.write(0, new double[10], 0, 10);
    SignalDescriptor faster = TIME.toBuilder().rule(new Rule.Linear(5)).build();
    table.updateDomain(faster);
    port.write(100, new double[10], 0, 10);
    port.write(150, new double[10], 0, 10);
    assertEquals(
        List.of(
            "+table t:",
            "+v: by w",
            "v row 0 tick 0 n 10",
            "~table t: Linear[deltaTicks=5]",
            "v row 10 tick 100 n 10",
            "v row 20 tick 150 n 10"),
        sink.news());
    assertEquals(faster, table.domain());
    assertThrows(
        IllegalArgumentException.class,
        () -> table.updateDomain(TIME.toBuilder().rule(Rule.EXPLICIT).build()));
    assertThrows(
        IllegalArgumentException.class,
        () -> table.updateDomain(SignalDescriptor.linearTime("other", 10)));
  }

  @Test
  public void stoppedRegistryWithdrawsEverything() {
    registry.addSink(sink);
    addFactory(factory, 1, 0);
    SignalPort port = registry.open(TIME, VALUE);
    sink.news();
    registry.close();
    assertEquals(List.of("-v", "-table t"), sink.news());
    assertEquals(WriteResult.CLOSED, port.write(0, 1.0));
    assertThrows(IllegalStateException.class, () -> registry.openTable(TIME));
    assertEquals(List.of(), registry.signals());
  }
}
