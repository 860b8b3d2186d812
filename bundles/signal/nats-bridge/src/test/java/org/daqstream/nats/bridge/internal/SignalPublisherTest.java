/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.nats.client.Connection;
import io.nats.client.KeyValue;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.KeyValueEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.nats.support.NatsOptions;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.testing.Await;
import org.daqstream.testing.NatsServer;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Through a real server of NATS, with a client of its own at the other end. */
public class SignalPublisherTest {
  private static final Subjects SUBJECTS = new Subjects("test");
  private static final long MILLISECOND = 1_000_000;

  private final TestRegistry runtime = new TestRegistry();
  private final ImportedPaths paths = new ImportedPaths("here");
  private final ConcurrentLinkedQueue<byte[]> received = new ConcurrentLinkedQueue<>();
  private NatsServer server;
  private SignalPublisher.Running publisher;
  private SignalSink sink;
  private Connection client;

  @Before
  public void startServer() throws IOException {
    NatsServer.need();
    server = NatsServer.jetStream();
  }

  private void publish(boolean isKeeping) {
    PublishSettings settings =
        new PublishSettings(
            NatsOptions.to(NatsOptions.servers(server.url()))
                .clientName("publisher")
                .backoffMaxMs(500)
                .build(),
            SUBJECTS,
            List.of("**"),
            false,
            isKeeping,
            600,
            1 << 28,
            1,
            2 * MILLISECOND,
            65_536,
            4 << 20);
    publisher = new SignalPublisher.Running("test", settings, paths, ImportRuntime.PACE);
    sink = publisher.sink();
    runtime.addSink(sink);
  }

  private void connect() throws Exception {
    client = Nats.connect(new Options.Builder().server(server.url()).maxReconnects(-1).build());
  }

  @After
  public void stop() throws Exception {
    if (client != null) {
      client.close();
    }
    if (publisher != null) {
      publisher.close();
      Await.noThread("daqstream-nats-");
    }
    if (server != null) {
      server.close();
    }
  }

  private SignalPort open(String id) {
    return runtime
        .registry()
        .open(
            SignalDescriptor.linearTime(id + "/t", MILLISECOND),
            SignalDescriptor.value(id, "int64").name("A name").build());
  }

  private KeyValueEntry description(String id) {
    try {
      KeyValue bucket = client.keyValue(SUBJECTS.bucket());
      return bucket.get(Subjects.key(id));
    } catch (Exception e) {
      return null;
    }
  }

  /** A writer at the port whose samples are their rows. */
  private static long write(SignalPort port, long row, int count) {
    long[] samples = new long[count];
    for (int i = 0; i < count; i++) {
      samples[i] = row + i;
    }
    port.write(row * MILLISECOND, samples, 0, count);
    return row + count;
  }

  @Test
  public void signalsAreDescribedWantedSentAndWithdrawn() throws Exception {
    SignalPort port = open("hall/speed 1");
    publish(false);
    connect();
    Await.until("it is described", () -> description("hall/speed 1") != null);
    SignalAnnouncement told = SignalAnnouncement.read(description("hall/speed 1").getValue());
    assertEquals(port.descriptor(), told.value());
    assertEquals("hall/speed 1/t", told.domain().signalId());
    assertEquals(8, told.sampleBytes());
    assertEquals(List.of("here"), told.path());
    AtomicLong alive = new AtomicLong();
    client
        .createDispatcher(
            message -> {
              String name = new String(message.getData(), StandardCharsets.UTF_8);
              if (name.equals(told.publisher())) {
                alive.incrementAndGet();
              }
            })
        .subscribe(SUBJECTS.alive());
    client
        .createDispatcher(message -> received.add(message.getData()))
        .subscribe(SUBJECTS.data("hall/speed 1"));
    assertFalse(port.hasSubscriber());
    client.publish(SUBJECTS.wanted(), new WantMessage("me", List.of("hall.speed=201")).bytes());
    Await.until("it is wanted", port::hasSubscriber);
    long row = 0;
    while (row < 10_000) {
      row = write(port, row, 100);
    }
    Await.until("all has come", () -> rows().size() == 10_000);
    long before = alive.get();
    client.publish(
        SUBJECTS.wanted(), new WantMessage("me", List.of(), List.of(told.publisher())).bytes());
    Await.until("it says that it is there", () -> alive.get() > before);
    port.close();
    Await.until("it is withdrawn", () -> description("hall/speed 1") == null);
  }

  /** Rows with their samples, of all that has come. */
  private NavigableMap<Long, Long> rows() {
    NavigableMap<Long, Long> rows = new TreeMap<>();
    received.forEach(
        message ->
            BlockMessage.read(message)
                .blocks()
                .forEach(
                    block -> {
                      for (int i = 0; i < block.count(); i++) {
                        rows.put(block.row() + i, block.samples().getLong());
                      }
                    }));
    return rows;
  }

  @Test
  public void nothingThatTheStreamTookIsLostThoughTheServerIsKilled() throws Exception {
    SignalPort port = open("a");
    publish(true);
    connect();
    Await.until("there is a stream", () -> description("a") != null);
    Await.until("all is kept", port::hasSubscriber);
    Random random = new Random(5);
    long row = 0;
    for (int i = 0; i < 3; i++) {
      for (int k = 0; k < 2_000; k++) {
        row = write(port, row, 1 + random.nextInt(10));
      }
      server.kill();
      for (int k = 0; k < 2_000; k++) {
        row = write(port, row, 1 + random.nextInt(10));
      }
      server.start();
    }
    row = write(port, row, 1);
    long end = row;
    Await.until("the ring is empty", 30_000, () -> publisher.loop().ring().usedBytes() == 0);
    assertEquals(0, publisher.loop().signals().get(0).traffic.lostSamples());
    NavigableMap<Long, Long> rows = new TreeMap<>();
    List<Long> order = new ArrayList<>();
    Await.until("the stream has the last row", 30_000, () -> readStream(rows, order, end));
    long expected = 0;
    for (var each : rows.entrySet()) {
      assertEquals(expected, (long) each.getKey());
      assertEquals(expected, (long) each.getValue());
      expected++;
    }
    assertEquals(end, expected);
    assertEquals("each once", rows.size(), order.size());
  }

  private boolean readStream(NavigableMap<Long, Long> rows, List<Long> order, long end) {
    try {
      rows.clear();
      order.clear();
      var management = client.jetStreamManagement();
      long last = management.getStreamInfo(SUBJECTS.stream()).getStreamState().getLastSequence();
      for (long number = 1; number <= last; number++) {
        byte[] message = management.getMessage(SUBJECTS.stream(), number).getData();
        for (BlockMessage.Block block : BlockMessage.read(message).blocks()) {
          for (int i = 0; i < block.count(); i++) {
            rows.put(block.row() + i, block.samples().getLong());
            order.add(block.row() + i);
          }
        }
      }
      return !rows.isEmpty() && rows.lastKey() == end - 1;
    } catch (Exception e) {
      return false;
    }
  }

  @Test
  public void whileTheServerIsAwayNothingIsKeptAndWhatComesThenTellsIt() throws Exception {
    SignalPort port = open("a");
    publish(false);
    connect();
    Await.until("it is described", () -> description("a") != null);
    client
        .createDispatcher(message -> received.add(message.getData()))
        .subscribe(SUBJECTS.data("a"));
    byte[] want = new WantMessage("me", List.of("a")).bytes();
    client.publish(SUBJECTS.wanted(), want);
    Await.until("it is wanted", port::hasSubscriber);
    write(port, 0, 10);
    Await.until("it has come", () -> rows().size() == 10);
    server.kill();
    OutgoingSignal signal = publisher.loop().signals().get(0);
    AtomicLong row = new AtomicLong(10);
    Await.until(
        "samples are let go",
        () -> {
          row.set(write(port, row.get(), 1));
          return signal.traffic.lostSamples() > 0;
        });
    server.start();
    Await.until(
        "they come again",
        20_000,
        () -> {
          row.set(write(port, row.get(), 1));
          return rows().lastKey() > 10 && rows().lastKey() == row.get() - 1;
        });
    assertTrue(rows().size() < row.get());
  }
}
