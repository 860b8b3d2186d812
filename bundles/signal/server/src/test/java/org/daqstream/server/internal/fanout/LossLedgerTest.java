/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.daqstream.protocol.Delivery;
import org.daqstream.server.api.Loss;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Doubles;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/**
 * A client that may have gaps gets, with what the ledger says it lost, exactly what was published:
 * every row once, at its time (architecture section 4). The property {@code gap.seconds} makes it
 * run longer.
 */
public class LossLedgerTest {
  private static final int SECONDS = Integer.getInteger("gap.seconds", 2);

  @Rule public final Timeout timeout = Timeout.seconds(60 + 4L * SECONDS);

  private static final int BLOCK = 1_000;
  private static final int END = 99;

  private final Random random = new Random(Long.getLong("gap.seed", System.nanoTime()));

  /** Tick of the first row of each block that was published. */
  private final NavigableMap<Long, Long> published = new ConcurrentSkipListMap<>();

  private final Set<Loss> losses = new LinkedHashSet<>();
  private boolean linear = true;
  private Delivery delivery; // null: as to everybody

  private long tickOf(long row) {
    Map.Entry<Long, Long> block = published.floorEntry(row);
    return block.getValue() + (row - block.getKey()) * DELTA;
  }

  /** Reads when it may, and checks what it gets against the rows and times that it was told. */
  private final class Reader extends Thread {
    private final Peer peer;
    private final int signo;
    private final NavigableMap<Long, Long> delivered = new TreeMap<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean paused;
    private long row;
    private long lineRow;
    private long lineTick;
    private ByteBuffer stamps;

    Reader(Peer peer, Dialogue.Subscribed subscribed) {
      this.peer = peer;
      this.signo = subscribed.signo();
      this.row = subscribed.valueIndex();
    }

    @Override
    public void run() {
      try {
        Peer.Packet packet = peer.read();
        while (!packet.method().equals("response")) {
          take(packet);
          while (paused) {
            Thread.onSpinWait();
          }
          packet = peer.read();
        }
      } catch (Exception | AssertionError e) {
        failure.set(e);
      }
    }

    private void take(Peer.Packet packet) {
      if (packet.method().equals("signal") && packet.signo() == signo) {
        row = packet.params().path("valueIndex").longValue();
      } else if (packet.method().equals("data") && packet.signo() != signo) {
        stamps = packet.payload();
        if (linear) {
          lineRow = stamps.getLong(0);
          lineTick = stamps.getLong(8);
        }
      } else if (packet.method().equals("data")) {
        takeSamples(packet.payload());
      }
    }

    private void takeSamples(ByteBuffer samples) {
      long first = row;
      for (int i = 0; samples.hasRemaining(); i++) {
        assertEquals((double) row, samples.getDouble(), 0);
        long tick = linear ? lineTick + (row - lineRow) * DELTA : stamps.getLong(8 * i);
        assertEquals("time of row " + row, tickOf(row), tick);
        row++;
      }
      delivered.put(first, row);
    }
  }

  private void runFor(TestServer server, SignalTap v, Reader reader) throws Exception {
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    long row = 0;
    long tick = 0;
    for (int round = 0; round < 10 || System.nanoTime() < endNanos; round++) {
      reader.paused = round % 2 == 0 || random.nextInt(4) == 0;
      for (int blocks = random.nextInt(400); blocks > 0; blocks--) {
        int count = 1 + random.nextInt(BLOCK);
        write(v, row, tick, count);
        row += count;
        tick += count * DELTA + (random.nextInt(50) == 0 ? random.nextInt(1_000_000) : 0);
        if (blocks % 8 == 0) {
          server.awaitTurn();
        }
      }
      losses.addAll(server.losses()); // which keeps the newest
    }
    reader.paused = false;
    Await.until("has the rest", () -> server.clients().get(0).delivery().lagBytes() == 0);
    write(v, row++, tick, 1); // behind the last hole, which ends there
    Dialogue.request(reader.peer, END, "subscribe", "v");
    reader.join();
    assertEquals(null, reader.failure.get());
    losses.addAll(server.losses());
    expectAll(reader.delivered, row);
  }

  private void write(SignalTap v, long row, long tick, int count) {
    double[] samples = new double[count];
    long[] ticks = linear ? null : new long[count];
    for (int i = 0; i < count; i++) {
      samples[i] = row + i;
      if (!linear) {
        ticks[i] = tick + i * DELTA;
      }
    }
    published.put(row, tick);
    assertEquals(WriteResult.ACCEPTED, v.accept(row, tick, ticks, samples, 0, count));
  }

  /** Waits until the fan-out has served all from what is written so far. */
  private void expectAll(NavigableMap<Long, Long> delivered, long end) {
    NavigableMap<Long, Long> all = new TreeMap<>(delivered);
    for (Loss loss : losses) {
      assertEquals("v", loss.signalId());
      assertEquals("client-1", loss.client());
      assertEquals(tickOf(loss.fromRow()), loss.fromTick());
      assertTrue(loss.toRow() == end || loss.toTick() == tickOf(loss.toRow()));
      assertEquals("both lost and delivered", null, all.put(loss.fromRow(), loss.toRow()));
    }
    long next = 0;
    for (Map.Entry<Long, Long> part : all.entrySet()) {
      assertEquals("neither lost nor delivered, or both", next, (long) part.getKey());
      next = part.getValue();
    }
    assertEquals(end, next);
    assertTrue("nothing was lost", !losses.isEmpty());
  }

  private void run(TableTap table, TestServer server, String agent) throws Exception {
    run(TestServer.signal(table, "v"), server, agent);
  }

  private void run(SignalTap v, TestServer server, String agent) throws Exception {
    try (Peer peer = Peer.connect(server.port(), agent)) {
      peer.socket.setReceiveBufferSize(64 * 1024);
      if (delivery != null) {
        peer.deliver(delivery);
      }
      Dialogue.subscribe(server, peer, "v");
      Reader reader = new Reader(peer, Dialogue.expectSubscribed(peer, "time", "v"));
      reader.start();
      runFor(server, v, reader);
      assertEquals(0, server.statistics().count(ServerEvent.TOO_SLOW));
    }
  }

  private static TestServer newServer() {
    return new TestServer("ringBytes", 2 << 20, "sendBufferBytes", 64 << 10, "slowClients", "gap");
  }

  @Test
  public void deliveredAndLostIsAllForTheOlderStockClient() throws Exception {
    try (TestServer server = newServer()) {
      run(server.table("time"), server, "User-Agent: Boost.Beast/345 stream-client");
    }
  }

  @Test
  public void deliveredAndLostIsAllForTheStockClient() throws Exception {
    try (TestServer server = newServer()) {
      run(server.table("time"), server, Dialogue.WS_STREAMING);
    }
  }

  @Test
  public void deliveredAndLostIsAllOfAnExplicitDomain() throws Exception {
    linear = false;
    try (TestServer server = newServer()) {
      run(
          server.sink().openTable(SignalDescriptor.explicitTime("time")),
          server,
          "User-Agent: daqstream/0.1");
    }
  }

  @Test
  public void deliveredAndLostIsAllInMessagesOfManyPackets() throws Exception {
    delivery = new Delivery(1_000 + random.nextInt(64_536), 0, 0);
    try (TestServer server = newServer()) {
      run(server.table("time"), server, "User-Agent: daqstream/0.1");
    }
  }

  @Test
  public void deliveredAndLostIsAllOfAnExplicitDomainAtTheClientsPace() throws Exception {
    linear = false;
    delivery = new Delivery(65_535, 128 << 10, 300);
    try (TestServer server = newServer()) {
      run(
          server.sink().openTable(SignalDescriptor.explicitTime("time")),
          server,
          "User-Agent: daqstream/0.1");
    }
  }

  @Test
  public void deliveredAndLostIsAllOfASignalThatKeepsItsLastSample() throws Exception {
    try (TestServer server = newServer()) {
      SignalTap v =
          server
              .table("time")
              .openSignal(
                  SignalDescriptor.value("v", "real64").replayLast(true).build(), new Doubles());
      run(v, server, "User-Agent: daqstream/0.1");
    }
  }
}
