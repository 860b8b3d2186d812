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
import java.util.concurrent.TimeUnit;
import org.daqstream.nats.support.NatsOptions;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.testing.Await;
import org.daqstream.testing.NatsServer;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** A publisher, a real server and an import. */
public final class NatsImportServerTest {
  private static final long MS = 1_000_000;

  private final Set<String> wanted = ConcurrentHashMap.newKeySet();
  private final TestRegistry source = new TestRegistry();
  private final ImportRuntime edge = new ImportRuntime(wanted::contains);
  private NatsServer server;
  private SignalPublisher.Running publisher;
  private SignalSink outgoing;
  private SignalImporter.Running running;

  @Before
  public void start() throws Exception {
    server = NatsServer.jetStream();
  }

  @After
  public void close() throws Exception {
    edge.close();
    if (publisher != null) {
      stopPublisher();
    }
    if (server != null) {
      server.close();
    }
  }

  private void publish(boolean isKeeping) {
    publish(isKeeping, server.url());
  }

  private void publish(boolean isKeeping, String url) {
    publisher = publisher("test", url, isKeeping, false, new ImportedPaths("source"));
    outgoing = publisher.sink();
    source.addSink(outgoing);
  }

  private static SignalPublisher.Running publisher(
      String subject, String url, boolean isKeeping, boolean isOnward, ImportedPaths paths) {
    return new SignalPublisher.Running(
        subject,
        new PublishSettings(
            NatsOptions.to(NatsOptions.servers(url)).clientName("test").backoffMaxMs(500).build(),
            new Subjects(subject),
            List.of("**"),
            isOnward,
            isKeeping,
            60,
            1 << 26,
            1,
            MS,
            4096,
            1 << 22),
        paths,
        ImportRuntime.PACE);
  }

  private void stopPublisher() {
    source.removeSink(outgoing);
    publisher.close();
    publisher = null;
  }

  private void importAll(long fillMs, long historyMs) {
    running = edge.start(settings("test", fillMs, historyMs));
  }

  private ImportSettings settings(String subject, long fillMs, long historyMs) {
    return new ImportSettings(
        NatsOptions.to(NatsOptions.servers(server.url()))
            .clientName("test-import")
            .backoffMaxMs(500)
            .build(),
        new Subjects(subject),
        List.of("**"),
        "",
        1_000,
        TimeUnit.SECONDS.toNanos(10),
        historyMs,
        TimeUnit.MILLISECONDS.toNanos(fillMs),
        1 << 26);
  }

  private SignalPort open(String id) {
    return source
        .registry()
        .open(
            SignalDescriptor.linearTime(id + "/t", MS),
            SignalDescriptor.value(id, DataTypes.INT64).build());
  }

  private void want(String id) {
    edge.awaitSignal(id);
    wanted.add(id);
    edge.sink.demandChanged();
  }

  private static void write(SignalPort port, long row) {
    port.write(row * MS, new long[] {row}, 0, 1);
  }

  /** In a message of its own. */
  private void writeAlone(SignalPort port, long row) {
    long before = publisher.status().messages();
    write(port, row);
    Await.until("it has gone", () -> publisher.status().messages() > before);
  }

  /** Writes until the edge has something of it; the row behind. */
  private long writeUntilItComes(SignalPort port, String id, long fromRow) {
    long[] row = {fromRow};
    int before = edge.sink.samples(id).size();
    Await.until(
        id + " comes",
        () -> {
          write(port, row[0]++);
          return edge.sink.samples(id).size() > before;
        });
    return row[0];
  }

  private void checkValues(String id) {
    for (TakingSink.Sample each : edge.sink.samples(id)) {
      assertEquals(each.row(), each.bytes().getLong(0));
      assertEquals(each.row() * MS, each.tick());
    }
  }

  /** Whether rows go on without a gap from the first that came. */
  private boolean isWhole(String id, long toRow) {
    List<Long> rows = edge.sink.rows(id);
    return !rows.isEmpty()
        && rows.get(rows.size() - 1) == toRow - 1
        && rows.size() == toRow - rows.get(0);
  }

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
  public void withAStreamARestartOfTheServerLosesNothing() throws Exception {
    SignalPort port = open("a");
    publish(true);
    importAll(10_000, 0);
    want("a");
    long row = writeUntilItComes(port, "a", 0);
    server.kill();
    for (int i = 0; i < 500; i++) {
      write(port, row++);
    }
    Await.until("the edge knows", () -> running.signals.status().server().isEmpty());
    server.start();
    row = writeUntilItComes(port, "a", row);
    long end = row;
    Await.until("all is there", () -> isWhole("a", end));
    checkValues("a");
    assertEquals(0, running.signals.status().holes());
  }

  @Test
  public void withAStreamAnEdgeThatWasAwayMissesNothing() throws Exception {
    SignalPort port = open("a");
    publish(true);
    try (EdgeProxy way = new EdgeProxy(server.port())) {
      running =
          edge.start(
              ImportRuntime.settings(
                  "nats://127.0.0.1:" + way.port(), 10_000, 0, "", List.of("**"), 1_000, 10_000));
      want("a");
      long row = writeUntilItComes(port, "a", 0);
      way.cut();
      Await.until("the edge knows", () -> running.signals.status().server().isEmpty());
      for (int i = 0; i < 2_000; i++) {
        write(port, row++);
      }
      way.mend();
      row = writeUntilItComes(port, "a", row);
      long end = row;
      Await.until("all is there", () -> isWhole("a", end));
      checkValues("a");
      ImportStatus status = running.signals.status();
      assertEquals(0, status.holes());
      assertTrue(status.signals().get(0).filledRows() > 1_000);
    }
  }

  @Test
  public void lateJoinersBeginWithWhatTheStreamHas() {
    SignalPort port = open("a");
    publish(true);
    Await.until("it is wanted by the stream", port::hasSubscriber);
    for (long row = 0; row < 300; row++) {
      write(port, row);
    }
    importAll(10_000, 30_000);
    want("a");
    Await.until("the history is there", () -> edge.sink.rows("a").size() == 300);
    for (long row = 300; row < 400; row++) {
      write(port, row);
    }
    Await.until("it goes on", () -> isWhole("a", 400));
    assertEquals(0L, (long) edge.sink.rows("a").get(0));
    checkValues("a");
    assertEquals(0, running.signals.status().holes());
  }

  @Test
  public void ofWhatHoldsTheHistoryComesBeforeTheLastSample() {
    SignalPort port =
        source
            .registry()
            .open(
                SignalDescriptor.linearTime("t", MS),
                SignalDescriptor.value("a", DataTypes.INT64).replayLast(true).build());
    publish(true);
    Await.until("it is wanted by the stream", port::hasSubscriber);
    for (long row = 0; row < 300; row++) {
      writeAlone(port, row);
    }
    importAll(10_000, 30_000);
    Await.until("the stream is found", () -> running.signals.status().hasStream());
    want("a");
    Await.until("the history is there", () -> edge.sink.rows("a").size() == 300);
    wanted.clear();
    edge.sink.demandChanged();
    Await.until(
        "it is left",
        () -> running.signals.status().signals().get(0).state() == ImportStatus.State.UNWANTED);
    for (long row = 300; row < 400; row++) {
      write(port, row);
    }
    want("a");
    Await.until("what came meanwhile is there", () -> isWhole("a", 400));
    checkValues("a");
  }

  @Test
  public void aPublisherThatBeginsAnewGoesOnWithItsSignals() {
    SignalPort port = open("a");
    publish(true);
    importAll(10_000, 0);
    want("a");
    long row = writeUntilItComes(port, "a", 0);
    stopPublisher();
    Await.until("it is withdrawn", () -> edge.sink.value("a") == null);
    publish(true);
    edge.awaitSignal("a");
    long end = writeUntilItComes(port, "a", row);
    Await.until("all is there", () -> edge.sink.rows("a").contains(end - 1));
    checkValues("a");
  }

  @Test
  public void whatReplacesAPublisherThatWasKilledGoesOnInTheSameSignal() throws Exception {
    SignalPort port = open("a");
    try (EdgeProxy way = new EdgeProxy(server.port())) {
      publish(true, "nats://127.0.0.1:" + way.port());
      importAll(10_000, 0);
      want("a");
      writeUntilItComes(port, "a", 0);
      way.cut(); // as when it is killed, it says nothing any more
      SignalPublisher.Running dead = publisher;
      source.removeSink(outgoing);
      int before = edge.sink.samples("a").size();
      publish(true);
      Await.until("it is published", port::hasSubscriber);
      for (long row = 1_000_000; row < 1_000_100; row++) {
        write(port, row);
      }
      Await.until("all is there", () -> edge.sink.samples("a").size() >= before + 100);
      List<TakingSink.Sample> all = edge.sink.samples("a");
      int first = all.size() - 100;
      assertEquals(1_000_000, all.get(first).bytes().getLong(0));
      assertTrue(all.get(first).row() > all.get(first - 1).row());
      assertEquals(0, running.signals.status().holes());
      dead.close();
    }
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
