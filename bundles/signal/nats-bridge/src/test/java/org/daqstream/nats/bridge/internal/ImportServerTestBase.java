/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static org.junit.Assert.assertEquals;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.nats.support.NatsOptions;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.testing.Await;
import org.daqstream.testing.NatsServer;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.BeforeClass;

/** A publisher, a real server, one for a class, and an import. */
abstract class ImportServerTestBase {
  static final long MS = 1_000_000;
  private static final AtomicInteger TESTS = new AtomicInteger();

  static NatsServer server;

  /** What subjects of the test begin with. */
  final String prefix = "test" + TESTS.incrementAndGet();

  final Set<String> wanted = ConcurrentHashMap.newKeySet();
  final TestRegistry source = new TestRegistry();
  final ImportRuntime edge = new ImportRuntime(wanted::contains);
  SignalPublisher.Running publisher;
  SignalSink outgoing;
  SignalImporter.Running running;

  @BeforeClass
  public static void startServer() throws Exception {
    server = NatsServer.jetStream();
  }

  @AfterClass
  public static void stopServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @After
  public void close() {
    edge.close();
    if (publisher != null) {
      stopPublisher();
    }
  }

  void publish(boolean isKeeping) {
    publish(isKeeping, server.url());
  }

  void publish(boolean isKeeping, String url) {
    publisher = publisher(prefix, url, isKeeping, false, new ImportedPaths("source"));
    outgoing = publisher.sink();
    source.addSink(outgoing);
  }

  static SignalPublisher.Running publisher(
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
            1 << 24,
            1,
            MS,
            4096,
            1 << 22),
        paths,
        ImportRuntime.PACE);
  }

  void stopPublisher() {
    source.removeSink(outgoing);
    publisher.close();
    publisher = null;
  }

  void importAll(long fillMs, long historyMs) {
    running = edge.start(settings(prefix, fillMs, historyMs));
  }

  static ImportSettings settings(String subject, long fillMs, long historyMs) {
    return settings(subject, server.url(), fillMs, historyMs);
  }

  static ImportSettings settings(String subject, String url, long fillMs, long historyMs) {
    return new ImportSettings(
        NatsOptions.to(NatsOptions.servers(url))
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

  SignalPort open(String id) {
    return source
        .registry()
        .open(
            SignalDescriptor.linearTime(id + "/t", MS),
            SignalDescriptor.value(id, DataTypes.INT64).build());
  }

  void want(String id) {
    edge.awaitSignal(id);
    wanted.add(id);
    edge.sink.demandChanged();
  }

  static void write(SignalPort port, long row) {
    port.write(row * MS, new long[] {row}, 0, 1);
  }

  /** In a message of its own. */
  void writeAlone(SignalPort port, long row) {
    long before = publisher.status().messages();
    write(port, row);
    Await.until("it has gone", () -> publisher.status().messages() > before);
  }

  /** Writes until the edge has something of it; the row behind. */
  long writeUntilItComes(SignalPort port, String id, long fromRow) {
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

  void checkValues(String id) {
    for (TakingSink.Sample each : edge.sink.samples(id)) {
      assertEquals(each.row(), each.bytes().getLong(0));
      assertEquals(each.row() * MS, each.tick());
    }
  }
}
