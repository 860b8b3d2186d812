/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PacketReader;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Doubles;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** Clients that read late, slowly or not at all (architecture section 4, promises 1 to 4). */
public class BackpressureTest {
  @Rule public final Timeout timeout = Timeout.seconds(60);

  private static final int BLOCK = 1_000;

  private final double[] block = new double[BLOCK];

  private WriteResult writeCounter(SignalTap signal, long row) {
    for (int i = 0; i < BLOCK; i++) {
      block[i] = row + i;
    }
    return signal.accept(row, row * DELTA, null, block, 0, BLOCK);
  }

  private static Peer narrowSubscriber(TestServer server, String... headers) throws Exception {
    Peer peer = Dialogue.subscriber(server, "time", "v", headers);
    peer.socket.setReceiveBufferSize(256 * 1024); // some segments of the loopback
    return peer;
  }

  @Test
  public void stalledClientGetsEveryByteInOrder() throws Exception { // promise 1
    stall("User-Agent: Boost.Beast/345 stream-client");
  }

  @Test
  public void stalledStockClientGetsEveryByteInOrder() throws Exception { // promise 1, row 3
    stall(Dialogue.WS_STREAMING);
  }

  private void stall(String agent) throws Exception {
    int blocks = 1_200; // 9.6 MB: more than the sockets, less than the log
    try (TestServer server = new TestServer("sendBufferBytes", 128 * 1024)) {
      TableTap table = server.table("time");
      SignalTap v = TestServer.signal(table, "v");
      SignalTap other = TestServer.signal(table, "w");
      try (Peer peer = narrowSubscriber(server, agent);
          Peer reader = Dialogue.subscriber(server, "time", "w")) {
        for (int i = 0; i < blocks; i++) {
          assertEquals(WriteResult.ACCEPTED, writeCounter(v, (long) i * BLOCK));
          if (i % 3 == 0) { // frames of others between those of the stalled client
            other.accept(i, (long) i * DELTA, null, new double[] {i}, 0, 1);
          }
        }
        for (int received = 0; received < blocks / 3; ) { // who reads is not held up
          Peer.Packet packet = reader.read();
          received += packet.signo() == 3 && packet.payload() != null ? 1 : 0;
        }
        assertEquals(0, server.statistics().count(ServerEvent.TOO_SLOW));
        expectCounter(peer, (long) blocks * BLOCK);
      }
    }
  }

  /** Reads a counter from 0 to its end, without a gap, whatever lines come in between. */
  private static void expectCounter(Peer peer, long end) throws Exception {
    long next = 0;
    while (next < end) {
      Peer.Packet packet = peer.read();
      if (packet.signo() == 2 && packet.payload() != null) {
        next = checkCounter(packet.payload(), next);
      }
    }
  }

  private static long checkCounter(ByteBuffer payload, long from) {
    long next = from;
    while (payload.hasRemaining()) {
      assertEquals((double) next++, payload.getDouble(), 0);
    }
    return next;
  }

  @Test
  public void commandTakesEffectAtItsPlaceInAStalledStream() throws Exception { // case 53
    try (TestServer server = new TestServer("sendBufferBytes", 128 * 1024)) {
      SignalTap v = TestServer.signal(server.table("time"), "v");
      try (Peer peer = narrowSubscriber(server)) {
        for (int i = 0; i < 600; i++) {
          writeCounter(v, (long) i * BLOCK);
        }
        Dialogue.request(peer, 1, "unsubscribe", "v");
        writeCounter(v, 600L * BLOCK); // before or behind the place of the command
        expectCounter(peer, 600L * BLOCK);
        Peer.Packet packet = peer.read();
        if (packet.method().equals("data")) {
          checkCounter(packet.payload(), 600L * BLOCK);
          packet = peer.next("unsubscribe");
        }
        assertEquals("v", packet.params().path("signalId").textValue());
        peer.next("unsubscribe");
        Dialogue.expectResponse(peer, 1);
        writeCounter(v, 601L * BLOCK);
        Dialogue.expectNothing(peer);
      }
    }
  }

  @Test
  public void subscriberThatLagsMissesNothingBehindItsCommand() throws Exception { // promise 1
    try (TestServer server = new TestServer("sendBufferBytes", 128 * 1024)) {
      TableTap table = server.table("time");
      SignalTap v = TestServer.signal(table, "v");
      SignalTap w = TestServer.signal(table, "w");
      try (Peer peer = narrowSubscriber(server)) {
        for (int i = 0; i < 600; i++) {
          writeCounter(v, (long) i * BLOCK);
        }
        Dialogue.request(peer, 1, "subscribe", "w");
        Await.until("blocks are wanted before the cursor comes there", w::hasSubscriber);
        assertEquals(WriteResult.ACCEPTED, w.accept(0, 0, null, new double[] {1, 2}, 0, 2));
        expectCounter(peer, 600L * BLOCK);
        int signo = Dialogue.expectAcknowledged(peer, "w").signo();
        Dialogue.expectResponse(peer, 1);
        Dialogue.expectValueIndex(peer, signo, 0);
        Dialogue.expectDoubles(peer, signo, 1, 2);
        v.close();
        Dialogue.request(peer, 2, "unsubscribe", "w");
        Await.until("interest is given back", () -> !w.hasSubscriber());
      }
    }
  }

  @Test
  public void laggingClientIsToldWhatHeldAtItsPlace() throws Exception { // row 24, section 3.2
    try (TestServer server = new TestServer("sendBufferBytes", 128 * 1024)) {
      SignalTap v = TestServer.signal(server.table("time"), "v");
      try (Peer peer = narrowSubscriber(server)) {
        for (int i = 0; i < 600; i++) {
          writeCounter(v, (long) i * BLOCK);
        }
        writeCounter(v, 700L * BLOCK); // a hole
        v.update(SignalDescriptor.value("v", "real64").unit(Unit.VOLT).build(), new Doubles());
        writeCounter(v, 701L * BLOCK);
        expectCounter(peer, 600L * BLOCK);
        Peer.Packet hole = Dialogue.expectValueIndex(peer, 2, 700L * BLOCK);
        assertEquals("", hole.params().at("/definition/unit/displayName").textValue());
        checkCounter(Dialogue.expectData(peer, 2), 700L * BLOCK);
        Peer.Packet changed = Dialogue.expectValueIndex(peer, 2, 701L * BLOCK);
        assertEquals("V", changed.params().at("/definition/unit/displayName").textValue());
        checkCounter(Dialogue.expectData(peer, 2), 701L * BLOCK);
      }
    }
  }

  /** A client that reads and checks all it gets. */
  private static final class Healthy extends Thread {
    private final Peer peer;
    private final long end;
    private final AtomicLong received = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Healthy(Peer peer, long end) {
      this.peer = peer;
      this.end = end;
    }

    boolean isAt(long row) {
      return received.get() >= row || failure.get() != null;
    }

    @Override
    public void run() {
      try {
        while (received.get() < end) {
          Peer.Packet packet = peer.read();
          if (packet.signo() == 2 && packet.payload() != null) {
            received.set(checkCounter(packet.payload(), received.get()));
          }
        }
      } catch (Exception | AssertionError e) {
        failure.set(e);
      }
    }
  }

  @Test
  public void whoReadsSlowlyButReadsStays() throws Exception {
    try (TestServer server = new TestServer("pingIntervalMs", 400)) {
      SignalTap v = TestServer.signal(server.table("time"), "v");
      try (Peer peer = Dialogue.subscriber(server, "time", "v")) {
        for (int i = 0; i < 2_000; i++) { // 16 MB: more than the sockets take
          writeCounter(v, (long) i * BLOCK);
        }
        byte[] little = new byte[20_000];
        for (int i = 0; i < 60; i++) { // no socket is seen ready again for so little
          peer.socket.getInputStream().readNBytes(little, 0, little.length);
          long nextNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
          Await.until("a while", () -> System.nanoTime() - nextNanos >= 0);
        }
        assertEquals(0, server.statistics().count(ServerEvent.TOO_SLOW));
      }
    }
  }

  @Test
  public void slowClientIsDisconnectedAndNobodyElseNotices() throws Exception { // case 27
    int blocks = 800; // 6.4 MB through a ring of 1 MiB
    long end = (long) blocks * BLOCK;
    try (TestServer server = new TestServer("ringBytes", 1 << 20, "sendBufferBytes", 128 * 1024)) {
      SignalTap v = TestServer.signal(server.table("time"), "v");
      List<Healthy> healthy = new ArrayList<>();
      try (Peer slow = narrowSubscriber(server)) {
        for (int i = 0; i < 7; i++) {
          healthy.add(new Healthy(Dialogue.subscriber(server, "time", "v"), end));
        }
        healthy.forEach(Thread::start);
        long longestNanos = 0;
        for (int i = 0; i < blocks; i++) {
          long start = System.nanoTime();
          assertEquals(WriteResult.ACCEPTED, writeCounter(v, (long) i * BLOCK));
          longestNanos = Math.max(longestNanos, System.nanoTime() - start);
          if (i % 10 == 9) { // the healthy ones must be able to keep up on any machine
            long row = (long) (i - 20) * BLOCK;
            Await.until("healthy clients", () -> healthy.stream().allMatch(h -> h.isAt(row)));
          }
        }
        assertTrue("publishing blocks", TimeUnit.NANOSECONDS.toSeconds(longestNanos) < 2);
        for (Healthy each : healthy) {
          each.join();
          assertEquals(null, each.failure.get());
          assertEquals(end, each.received.get());
        }
        assertEquals(1, server.statistics().count(ServerEvent.TOO_SLOW));
        expectPrefixThenEnd(slow);
        Await.until("gone", () -> server.statistics().count(ServerEvent.DISCONNECTED) == 1);
      } finally {
        for (Healthy each : healthy) {
          each.peer.close();
        }
      }
    }
  }

  /** What a client got before it was cut off is without a gap, and it is told why if possible. */
  private static void expectPrefixThenEnd(Peer slow) throws Exception {
    AtomicLong next = new AtomicLong();
    PacketReader reader =
        new PacketReader(
            Limits.DEFAULT,
            (signo, type, payload) -> {
              if (type == PacketHeader.DATA && signo == 2) {
                next.set(checkCounter(payload, next.get()));
              }
            });
    try {
      while (true) {
        Peer.Frame frame = slow.readFrame();
        if (frame.opcode() == FrameHeader.CLOSE) {
          assertEquals(1008, frame.closeCode());
          slow.send(0x88, new byte[] {0x03, (byte) 0xF0}, true);
          return;
        }
        reader.readMessage(frame.payload());
      }
    } catch (IOException e) {
      assertTrue("cut off after some data: " + e, next.get() > 0);
    }
  }
}
