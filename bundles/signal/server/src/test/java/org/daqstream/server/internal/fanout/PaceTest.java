/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.protocol.Delivery;
import org.daqstream.protocol.Mark;
import org.daqstream.protocol.Reached;
import org.daqstream.server.api.Loss;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** Clients of ours get what they subscribe to as they want (protocol section 2.9). */
public class PaceTest {
  private static final String FULL = "User-Agent: daqstream/test";
  private static final String LT = "User-Agent: Boost.Beast/345 stream-client";
  private static final Delivery JOINED = new Delivery(65_535, 0, 0);
  private static final int AHEAD = 256 << 10;
  private static final int LEAST = 64 << 10; // at first
  private static final int BLOCK = 8;

  @Rule public final Timeout timeout = Timeout.seconds(60);
  @Rule public final TestServer server = new TestServer("ringBytes", 8 << 20);

  private final TableTap table = server.table("time");
  private final SignalTap v = TestServer.signal(table, "v");
  private final long bornNanos = System.nanoTime();
  private long row;

  /** Blocks of 64 bytes whose samples are their rows. */
  private void write(int blocks) {
    double[] samples = new double[BLOCK];
    for (int i = 0; i < blocks; i++) {
      for (int k = 0; k < BLOCK; k++) {
        samples[k] = row + k;
      }
      v.accept(row, row * DELTA, null, samples, 0, BLOCK);
      row += BLOCK;
    }
  }

  private Peer subscriber(Delivery delivery, String signalId, String agent) throws Exception {
    Peer peer = server.connect(agent);
    if (delivery != null) {
      peer.deliver(delivery);
    }
    Dialogue.subscribe(server, peer, signalId);
    Dialogue.expectSubscribed(peer, "time", "v");
    return peer;
  }

  /** What comes up to the response to a command. */
  private static List<String> all(Peer peer) throws Exception {
    Dialogue.request(peer, 9, "subscribe");
    List<String> packets = new ArrayList<>();
    Peer.Packet packet = peer.read();
    while (!packet.method().equals("response")) {
      packets.add(packet.method() + " " + packet.signo() + " " + text(packet));
      packet = peer.read();
    }
    return packets;
  }

  private static String text(Peer.Packet packet) {
    return packet.metadata() == null
        ? HexFormat.of().formatHex(bytes(packet))
        : packet.params().toString();
  }

  private static byte[] bytes(Peer.Packet packet) {
    byte[] bytes = new byte[packet.payload().remaining()];
    packet.payload().duplicate().get(bytes);
    return bytes;
  }

  @Test
  public void packetsAreThoseThatOthersGetInFarFewerMessages() throws Exception { // case 89
    Peer plain = subscriber(null, "v", FULL);
    Peer joined = subscriber(JOINED, "v", FULL);
    write(20_000);
    int before = joined.messages;
    List<String> expected = all(plain);
    assertEquals(20_001, expected.size()); // with the line
    assertEquals(expected, all(joined));
    int messages = joined.messages - before;
    assertTrue(messages + " messages", messages < 10_000);
    assertEquals(20_004, plain.messages - 5, 3);
  }

  @Test
  public void othersWhoAskGetNothingElse() throws Exception { // case 89
    Peer stock = server.connect(LT);
    stock.send(JOINED.toMetadata());
    Dialogue.subscribe(server, stock, "v");
    Dialogue.expectSubscribed(stock, "time", "v");
    write(5_000);
    assertEquals(5_001, all(stock).size()); // more than one packet in a message would fail
  }

  @Test
  public void deliveryIsToldOnce() throws Exception {
    Peer peer = server.connect(FULL);
    peer.deliver(new Delivery(0, 0, 0));
    peer.send(JOINED.toMetadata());
    Dialogue.subscribe(server, peer, "v");
    Dialogue.expectSubscribed(peer, "time", "v");
    write(1_000);
    int before = peer.messages;
    assertEquals(1_001, all(peer).size());
    assertEquals(1_002, peer.messages - before);
  }

  /** Reads up to the next mark, and gives its number. */
  private static int nextMark(Peer peer) throws Exception {
    Peer.Packet packet = peer.read();
    while (!packet.method().equals(Mark.METHOD)) {
      packet = peer.read();
    }
    return Mark.parse(packet.params()).number();
  }

  private long sentBytes() {
    return server.clients().get(0).sentBytes();
  }

  @Test
  public void whoReachesNothingIsSentNoMoreThanItsWindow() throws Exception { // case 90
    Peer peer = subscriber(new Delivery(65_535, AHEAD, 0), "v?contract=gap", FULL);
    peer.answersMarks = false;
    long before = sentBytes();
    write(4 * LEAST / 64);
    server.awaitTurn();
    assertTrue(sentBytes() - before + " bytes", sentBytes() - before <= LEAST + 2_000);
    assertTrue(sentBytes() - before + " bytes", sentBytes() - before >= LEAST - 2_000);
    int mark = nextMark(peer);
    for (int nonsense : new int[] {0, -1, mark - 1, mark + 100, Integer.MIN_VALUE}) {
      peer.send(new Reached(nonsense).toMetadata());
    }
    server.awaitTurn();
    assertTrue("nonsense says nothing", sentBytes() - before <= LEAST + 2_000);
    peer.send(new Reached(mark).toMetadata());
    Await.until("more comes", () -> sentBytes() - before > LEAST + 2_000);
    peer.answersMarks = true;
    peer.send(new Reached(mark + 1).toMetadata());
    List<String> rest = all(peer);
    assertFalse(rest.toString(), rest.stream().anyMatch(each -> each.startsWith("loss")));
  }

  @Test
  public void whoIsHeldGetsAnswersToItsCommands() throws Exception { // case 90
    Peer peer = subscriber(new Delivery(65_535, AHEAD, 0), "v", FULL);
    peer.answersMarks = false;
    write(4 * LEAST / 64);
    server.awaitTurn();
    List<String> packets = all(peer);
    packets.removeIf(each -> each.startsWith(Mark.METHOD));
    assertEquals("all that was before the command", 4 * LEAST / 64 + 1, packets.size());
    peer.answersMarks = true;
    write(1);
    while (true) {
      Peer.Packet packet = peer.read();
      if (packet.metadata() == null && packet.payload().getDouble() == row - BLOCK) {
        return;
      }
    }
  }

  @Test
  public void whoIsHeldTooLongGoesOnWithThePresent() throws Exception {
    Peer peer = subscriber(new Delivery(65_535, AHEAD, 200), "v?contract=gap", FULL);
    peer.answersMarks = false;
    long last = 0;
    for (int i = 0; i < 60; i++) {
      write(100);
      last = row;
      LockSupport.parkNanos(10_000_000);
    }
    assertTrue(
        "older samples are left out", server.clients().get(0).delivery().lagBytes() < 400_000);
    peer.answersMarks = true;
    long next = 0;
    while (next < last) {
      write(1);
      Peer.Packet packet = peer.read();
      if (packet.method().equals("loss")) {
        assertEquals(next, packet.params().path("fromRow").longValue());
        next = packet.params().path("toRow").longValue();
      } else if (packet.metadata() == null && packet.payload().remaining() == BLOCK * 8) {
        assertEquals((double) next, packet.payload().getDouble(), 0);
        next += BLOCK;
      }
    }
    List<Loss> losses = server.losses();
    assertFalse(losses.isEmpty());
    assertTrue(losses.toString(), losses.get(0).reason().contains(" ms behind"));
  }

  /** Age of the oldest sample that a reader of 400 kB/s reads after a second, in milliseconds. */
  private long oldestMs(Delivery delivery) throws Exception {
    try (Peer peer = Peer.connect(server.port(), FULL)) {
      peer.deliver(delivery);
      Dialogue.subscribe(server, peer, "v?contract=gap");
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
      Thread publisher = new Thread(() -> publishTimes(end));
      publisher.start();
      long start = System.nanoTime();
      long bytes = 0;
      long oldest = 0;
      while (System.nanoTime() < end) {
        Peer.Packet packet = peer.read();
        if (packet.metadata() == null && packet.payload().remaining() == BLOCK * 8) {
          long now = System.nanoTime();
          bytes += 70;
          if (now - start > 1_000_000_000L) {
            oldest = Math.max(oldest, now - bornNanos - (long) packet.payload().getDouble());
          }
          LockSupport.parkNanos(start + bytes * 2_500 - now); // 400 kB/s
        }
      }
      publisher.join();
      return TimeUnit.NANOSECONDS.toMillis(oldest);
    }
  }

  /** 4 MB/s of blocks with the time in them. */
  private void publishTimes(long end) {
    double[] samples = new double[BLOCK];
    while (System.nanoTime() < end) {
      for (int i = 0; i < 64 * 4; i++) {
        samples[0] = System.nanoTime() - bornNanos;
        v.accept(row, row * DELTA, null, samples, 0, BLOCK);
        row += BLOCK;
      }
      LockSupport.parkNanos(4_000_000);
    }
  }

  @Test
  public void whatASlowReaderReadsIsNotOld() throws Exception { // case 90
    long paced = oldestMs(new Delivery(65_535, AHEAD, 500));
    long unpaced = oldestMs(JOINED);
    assertTrue(paced + " ms", paced < 1_500);
    assertTrue("without it they are old: " + unpaced + " ms", unpaced > 2 * paced);
    assertEquals(0, server.statistics().count(ServerEvent.TOO_SLOW));
  }

  @Test
  public void strictContractLosesNothingAtAnyPace() throws Exception {
    Random random = new Random(7);
    Peer peer = subscriber(new Delivery(65_535, 64 << 10, 50), "v?contract=disconnect", FULL);
    long next = 0;
    for (int round = 0; round < 40; round++) {
      write(random.nextInt(2_000));
      LockSupport.parkNanos(random.nextInt(20_000_000)); // older than it wants
      while (next < row - 1_000L * BLOCK) {
        Peer.Packet packet = peer.read();
        assertTrue(packet.toString(), packet.metadata() == null);
        if (packet.payload().remaining() == BLOCK * 8) {
          assertEquals((double) next, packet.payload().getDouble(), 0);
          next += BLOCK;
        }
      }
    }
    assertTrue(server.losses().isEmpty());
  }

  @Test
  public void displaysGetTheirPointsAtAnyPace() throws Exception {
    Random random = new Random(8);
    Peer peer = server.connect(FULL);
    peer.deliver(new Delivery(65_535, 16 << 10, 200));
    String latest = "v?contract=latest&perSecond=1000";
    String envelope = "v?contract=envelope&perSecond=1000"; // a sample each
    Dialogue.subscribe(server, peer, latest, envelope);
    Dialogue.expectSubscribed(peer, latest + "&domain", latest);
    int signo = Dialogue.expectSubscribed(peer, envelope + "&domain", envelope).signo();
    for (int round = 0; round < 40; round++) {
      write(random.nextInt(300));
      LockSupport.parkNanos(random.nextInt(30_000_000));
    }
    long end = row;
    write(1);
    long rows = 0;
    long lost = 0;
    double newest = -1;
    while (rows + lost < end || newest < end) {
      Peer.Packet packet = peer.read();
      if (packet.method().equals("loss") && packet.signo() == signo) {
        lost +=
            packet.params().path("toTick").longValue() / DELTA
                - packet.params().path("fromTick").longValue() / DELTA;
      } else if (packet.metadata() == null && packet.signo() == signo) {
        while (packet.payload().hasRemaining()) {
          rows += packet.payload().getLong(packet.payload().position() + 8);
          packet.payload().position(packet.payload().position() + 3 * 8 + 4 * 8);
        }
      } else if (packet.metadata() == null && packet.payload().remaining() == 8) {
        newest = Math.max(newest, packet.payload().getDouble(0));
      }
    }
    assertTrue(rows > 0);
  }
}
