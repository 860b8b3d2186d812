/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.server.internal.fanout.Client;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Test;

/**
 * Clients of both families that come and go, stop reading and go on, while clocks jump: whatever a
 * client is sent, it knows the exact row and time of, and misses nothing (promise 1; protocol
 * section 3.2). A sample of {@code row} is its own row number, a sample of {@code tick} its own
 * time.
 */
public class ExactRowsAndTimesTest {
  private static final long RUN_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);
  private static final String LT = "User-Agent: Boost.Beast/345 stream-client";

  private volatile long endNanos;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private boolean isOver() {
    return failure.get() != null || System.nanoTime() - endNanos > 0;
  }

  /** Publishes one table; its two signals are out of phase now and then. */
  private final class Publisher extends Thread {
    private final SignalTap rows;
    private final SignalTap ticks;
    private final Random random;
    private final List<long[]> behind = new ArrayList<>(); // blocks that the other has yet to write

    Publisher(TestServer server, int number) {
      TableTap table = server.table("time" + number);
      rows = TestServer.signal(table, "row" + number);
      ticks = TestServer.signal(table, "tick" + number);
      random = new Random(number);
    }

    @Override
    public void run() {
      long row = 0;
      long tick = 1_000_000;
      while (!isOver()) {
        int count = 1 + random.nextInt(random.nextInt(20) == 0 ? 20_000 : 50);
        if (random.nextInt(30) == 0) {
          tick += random.nextInt(1_000_000); // the clock jumps
        }
        write(rows, row, tick, count, row, 1);
        behind.add(new long[] {row, tick, count});
        row += count;
        tick += count * DELTA;
        if (random.nextInt(4) > 0) {
          writeBehind();
        }
        LockSupport.parkNanos(100_000L + count * 1_000L);
      }
    }

    private void writeBehind() {
      for (long[] each : behind) {
        write(ticks, each[0], each[1], (int) each[2], each[1], DELTA);
      }
      behind.clear();
    }

    private void write(
        SignalTap signal, long row, long tick, int count, long firstValue, long step) {
      double[] values = new double[count];
      for (int i = 0; i < count; i++) {
        values[i] = firstValue + i * step;
      }
      signal.accept(row, tick, null, values, 0, count);
    }
  }

  /** What a client knows of a subscribed signal from the messages alone. */
  private static final class Known {
    final String signalId;
    String tableId;
    long row;
    boolean hasData;
    long lineRow;
    long lineTick;
    boolean hasLine;

    Known(String signalId) {
      this.signalId = signalId;
    }
  }

  /** A client that subscribes and unsubscribes at random. */
  private final class Client extends Thread {
    private final Peer peer;
    private final Random random;
    private final Map<Integer, Known> bySigno = new HashMap<>();
    private final Map<String, Known> byId = new HashMap<>();
    private long requests;
    private long samples;

    Client(TestServer server, int number) throws Exception {
      peer = Peer.connect(server.port(), number % 2 == 0 ? LT : Dialogue.WS_STREAMING);
      random = new Random(100 + number);
    }

    @Override
    public void run() {
      try {
        converse();
      } catch (Exception | AssertionError e) {
        failure.compareAndSet(null, e);
      }
    }

    private void converse() throws Exception {
      while (!isOver()) {
        String signalId = (random.nextBoolean() ? "row" : "tick") + (1 + random.nextInt(2));
        String command = random.nextInt(5) < 3 ? "subscribe" : "unsubscribe";
        Dialogue.request(peer, ++requests, command, signalId);
        if (random.nextInt(10) == 0) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20)); // does not read
        }
        readUntilResponse(requests);
      }
      Dialogue.request(peer, ++requests, "unsubscribe", "row1", "row2", "tick1", "tick2");
      readUntilResponse(requests);
      assertTrue("all are unsubscribed", bySigno.isEmpty());
      Dialogue.expectNothing(peer);
    }

    private void readUntilResponse(long id) throws Exception {
      while (true) {
        Peer.Packet packet = peer.read();
        switch (packet.method()) {
          case "response" -> {
            assertEquals(id, packet.params().path("id").longValue());
            return;
          }
          case "subscribe" -> {
            Known known = new Known(packet.params().path("signalId").textValue());
            assertEquals("subscribed twice", null, bySigno.put(packet.signo(), known));
            byId.put(known.signalId, known);
          }
          case "unsubscribe" -> byId.remove(bySigno.remove(packet.signo()).signalId);
          case "signal" -> signal(packet);
          default -> data(packet);
        }
      }
    }

    private void signal(Peer.Packet packet) {
      Known known = bySigno.get(packet.signo());
      long valueIndex = packet.params().path("valueIndex").longValue();
      known.tableId = packet.params().path("tableId").textValue();
      if (known.hasData) {
        assertEquals("a gap in " + known.signalId, known.row, valueIndex);
      }
      known.row = valueIndex;
    }

    private void data(Peer.Packet packet) {
      Known known = bySigno.get(packet.signo());
      assertNotNull("data without subscription", known);
      ByteBuffer payload = packet.payload();
      if (known.tableId.equals(known.signalId)) {
        known.lineRow = payload.getLong();
        known.lineTick = payload.getLong();
        known.hasLine = true;
        return;
      }
      Known domain = byId.get(known.tableId);
      assertTrue("data before its line", domain.hasLine);
      known.hasData = true;
      for (; payload.hasRemaining(); known.row++, samples++) {
        double tick = domain.lineTick + (known.row - domain.lineRow) * DELTA;
        double expected = known.signalId.startsWith("row") ? known.row : tick;
        assertEquals(known.signalId, expected, payload.getDouble(), 0);
      }
    }
  }

  @Test
  public void everySampleHasItsRowAndTime() throws Exception { // cases 63 to 65, 82
    try (TestServer server = new TestServer("sendBufferBytes", 64 * 1024)) {
      List<Thread> publishers = List.of(new Publisher(server, 1), new Publisher(server, 2));
      List<Client> clients = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        clients.add(new Client(server, i));
      }
      endNanos = System.nanoTime() + RUN_NANOS;
      publishers.forEach(Thread::start);
      clients.forEach(Thread::start);
      for (Thread publisher : publishers) {
        publisher.join();
      }
      for (Client client : clients) {
        client.join();
        client.peer.close();
      }
      if (failure.get() != null) {
        throw new AssertionError(failure.get());
      }
      for (Client client : clients) {
        assertTrue("a client that saw nothing", client.samples > 0);
      }
    }
  }
}
