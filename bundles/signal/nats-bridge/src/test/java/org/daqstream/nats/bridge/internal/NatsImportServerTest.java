/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.testing.Await;
import org.junit.Test;

/** Signals from a publisher over a real server to an import, without a stream. */
public final class NatsImportServerTest extends ImportServerTestBase {
  @Test
  public void aSignalComesWithItsDescriptionAndGoes() {
    SignalDescriptor value =
        SignalDescriptor.value("hall 1/v.x", DataTypes.INT64)
            .description("odd id")
            .metadata(Map.of("a", "b"))
            .build();
    SignalTable table = source.registry().openTable(SignalDescriptor.linearTime("t", MS));
    SignalPort port = table.open(value);
    publish(false);
    importAll(0, 0);
    want("hall 1/v.x");
    assertEquals(value, edge.sink.value("hall 1/v.x"));
    Await.until("the want has come", port::hasSubscriber);
    for (long row = 0; row < 1_000; row++) {
      write(port, row);
    }
    Await.until("all is there", () -> edge.sink.rows("hall 1/v.x").size() == 1_000);
    checkValues("hall 1/v.x");
    port.update(value.toBuilder().name("new").build());
    write(port, 1_000);
    Await.until("the last", () -> edge.sink.rows("hall 1/v.x").size() == 1_001);
    List<TakingSink.Sample> all = edge.sink.samples("hall 1/v.x");
    assertEquals("hall 1/v.x", all.get(999).value().name());
    assertEquals("new", all.get(1_000).value().name());
    assertEquals(0, running.signals.status().holes());
    table.close();
    Await.until("it is withdrawn", () -> edge.sink.value("hall 1/v.x") == null);
  }

  @Test
  public void whoComesLaterHasTheLastSampleOfWhatHolds() {
    SignalPort port =
        source
            .registry()
            .open(
                SignalDescriptor.explicitTime("t"),
                SignalDescriptor.value("state", DataTypes.INT64).rule(Rule.CONSTANT).build());
    publish(false);
    Await.until("it is published", () -> publisher.loop().signals().size() == 1);
    port.write(new long[] {5}, new long[] {42}, 0, 1);
    importAll(0, 0);
    want("state");
    Await.until("it is told", () -> edge.sink.samples("state").size() == 1);
    assertEquals(42, edge.sink.samples("state").get(0).bytes().getLong(0));
    assertEquals(5, edge.sink.samples("state").get(0).tick());
  }

  @Test
  public void afterARestartOfTheServerWhatWasLostIsTold() throws Exception {
    SignalPort port = open("a");
    publish(false);
    importAll(0, 0);
    want("a");
    Await.until("the want has come", port::hasSubscriber);
    long row = writeUntilItComes(port, "a", 0);
    server.kill();
    for (int i = 0; i < 100; i++) {
      write(port, row++);
    }
    Await.until("the edge knows", () -> running.signals.status().server().isEmpty());
    server.start();
    row = writeUntilItComes(port, "a", row);
    long end = row;
    Await.until("all is there", () -> edge.sink.rows("a").contains(end - 1));
    checkValues("a");
    ImportStatus status = running.signals.status();
    List<Long> rows = edge.sink.rows("a");
    assertEquals(end - rows.get(0), rows.size() + status.holeRows());
    assertTrue(status.lastHoles().get(0).why().contains("the connection was lost"));
  }

  @Test
  public void overTwoHopsOnlyWhatIsWantedTravelsAndNothingComesBack() {
    SignalPort port = open("a");
    SignalPort other = open("b");
    publish(false);
    importAll(0, 0);
    edge.awaitSignal("a");
    SignalPublisher.Running onward = publisher("on", server.url(), false, true, edge.paths);
    edge.addSink(onward.sink());
    Set<String> wantedFar = ConcurrentHashMap.newKeySet();
    try (ImportRuntime far = new ImportRuntime("far", wantedFar::contains)) {
      far.start(settings("on", 0, 0));
      far.awaitSignal("a");
      assertEquals(List.of("far", "here", "source"), far.paths.onward("a"));
      SignalPublisher.Running back = publisher("back", server.url(), false, true, far.paths);
      far.addSink(back.sink());
      edge.start(settings("back", 0, 0)); // a ring
      assertFalse(port.hasSubscriber());
      wantedFar.add("a");
      far.sink.demandChanged();
      Await.until("the want comes through", port::hasSubscriber);
      assertFalse(other.hasSubscriber());
      for (long row = 0; row < 100; row++) {
        write(port, row);
      }
      Await.until("all is there", () -> far.sink.rows("a").size() == 100);
      assertEquals(far.sink.samples("a").get(99).bytes().getLong(0), 99);
      assertEquals(edge.sink.value("a"), far.sink.value("a"));
      back.close();
    }
    onward.close();
  }

  @Test
  public void aTypeThatTheEdgeDoesNotKnowPasses() {
    SignalWriter writer = new PassedWriter(3, Map.of("dataType", "odd17", "more", List.of("x")));
    source.addFactory(descriptor -> writer, 77, List.of("odd17"));
    SignalPort port =
        source
            .registry()
            .open(
                SignalDescriptor.linearTime("t", MS),
                SignalDescriptor.value("odd", "odd17").build());
    publish(false);
    importAll(0, 0);
    want("odd");
    assertEquals(writer.definition(), edge.sink.writer("odd").definition());
    Await.until("the want has come", port::hasSubscriber);
    port.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6}), 0, 2);
    Await.until("it is there", () -> edge.sink.samples("odd").size() == 2);
    assertEquals(ByteBuffer.wrap(new byte[] {4, 5, 6}), edge.sink.samples("odd").get(1).bytes());
  }
}
