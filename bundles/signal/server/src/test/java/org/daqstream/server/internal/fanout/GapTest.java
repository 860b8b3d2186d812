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
import java.util.List;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.server.api.Loss;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Doubles;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** A client that may have gaps and does not read while much happens (architecture section 4). */
public class GapTest {
  @Rule public final Timeout timeout = Timeout.seconds(60);

  @Rule
  public final TestServer server =
      new TestServer("ringBytes", 1 << 20, "sendBufferBytes", 64 << 10, "slowClients", "gap");

  private static final int BLOCK = 1_000;

  private final TableTap table = server.table("time");
  private final SignalTap v = TestServer.signal(table, "v");
  private long row;

  private Peer stalled(String... signalIds) throws Exception {
    Peer peer = Peer.connect(server.port());
    peer.socket.setReceiveBufferSize(64 << 10);
    Dialogue.subscribe(server, peer, signalIds);
    return peer;
  }

  private void write(int blocks) {
    for (int i = 0; i < blocks; i++) {
      v.accept(row, row * DELTA, null, new double[BLOCK], 0, BLOCK);
      row += BLOCK;
      server.awaitTurn();
    }
  }

  /** What comes up to the response to a request, without data. */
  private static List<String> messages(Peer peer) throws Exception {
    Dialogue.request(peer, 7, "subscribe", "v");
    List<String> messages = new ArrayList<>();
    Peer.Packet packet = peer.read();
    while (!packet.method().equals("response")) {
      if (packet.metadata() != null) {
        messages.add(packet.method() + " " + packet.params());
      }
      packet = peer.read();
    }
    return messages;
  }

  private static boolean any(List<String> messages, String method, String text) {
    return messages.stream().anyMatch(m -> m.startsWith(method + " ") && m.contains(text));
  }

  @Test
  public void whatHappenedToSignalsInTheGapIsTold() throws Exception {
    SignalTap w = TestServer.signal(table, "w");
    try (Peer peer = stalled("v", "w")) {
      write(200);
      w.close();
      TestServer.signal(table, "x");
      v.update(SignalDescriptor.value("v", "real64").unit(Unit.VOLT).build(), new Doubles());
      write(600);
      List<String> messages = messages(peer);
      assertTrue(messages.toString(), any(messages, "unavailable", "\"w\""));
      assertTrue(messages.toString(), any(messages, "unsubscribe", "\"w\""));
      assertTrue(messages.toString(), any(messages, "available", "\"x\""));
      assertTrue(messages.toString(), any(messages, "signal", "\"displayName\":\"V\""));
    }
    Await.until("gone", () -> server.statistics().count(ServerEvent.DISCONNECTED) == 1);
    assertEquals(0, server.statistics().count(ServerEvent.TOO_SLOW));
  }

  @Test
  public void commandThatWaitedInTheGapIsCarriedOutBehindIt() throws Exception {
    SignalTap w = TestServer.signal(table, "w");
    try (Peer peer = stalled("v")) {
      write(300);
      Dialogue.request(peer, 1, "subscribe", "w");
      Await.until("it is known", w::hasSubscriber);
      write(600);
      Peer.Packet packet = peer.read();
      while (!packet.method().equals("response")) {
        packet = peer.read();
      }
      assertEquals(1, packet.params().path("id").longValue());
      w.accept(row, row * DELTA, null, new double[] {42}, 0, 1);
      packet = peer.read();
      while (packet.metadata() != null || packet.payload().remaining() != Double.BYTES) {
        packet = peer.read();
      }
      assertEquals(42, packet.payload().getDouble(), 0);
    }
  }

  @Test
  public void keptSampleThatFellIntoTheGapIsSentBehindIt() throws Exception {
    SignalTap k =
        server
            .table("other")
            .openSignal(
                SignalDescriptor.value("k", "real64").replayLast(true).build(), new Doubles());
    try (Peer peer = stalled("k")) {
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "other", "k");
      k.accept(0, 0, null, new double[] {1}, 0, 1);
      Dialogue.expectLine(peer, ids.domainSigno(), 0, 0);
      Dialogue.expectDoubles(peer, ids.signo(), 1);
      Dialogue.subscribe(server, peer, "v");
      write(300);
      k.accept(1, DELTA, null, new double[] {2, 3, 4}, 0, 3);
      write(600);
      Dialogue.request(peer, 1, "subscribe");
      Peer.Packet packet = peer.read();
      while (packet.metadata() != null || packet.signo() != ids.domainSigno()) {
        packet = peer.read();
      }
      assertEquals(3, packet.payload().getLong());
      assertEquals(3 * DELTA, packet.payload().getLong());
      Dialogue.expectDoubles(peer, ids.signo(), 4);
      Loss loss = server.losses().stream().filter(l -> l.signalId().equals("k")).findFirst().get();
      assertEquals(1, loss.fromRow());
      assertEquals(3, loss.toRow());
    }
  }

  @Test
  public void holesOfClientThatLeavesHaveAnEnd() throws Exception {
    try (Peer peer = stalled("v")) {
      write(800);
      assertTrue(peer.sessionId, server.losses().stream().noneMatch(loss -> loss.toRow() == row));
    }
    Await.until("gone", () -> server.statistics().count(ServerEvent.DISCONNECTED) == 1);
    List<Loss> losses = server.losses();
    assertEquals(losses.size(), (long) server.statistics().events().get(ServerEvent.GAP));
    assertFalse(losses.isEmpty()); // sockets may have room for a block between two holes
    long next = 0;
    for (Loss loss : losses) {
      assertTrue(loss.toString(), loss.fromRow() >= next && loss.toRow() > loss.fromRow());
      next = loss.toRow();
    }
    assertTrue(losses.toString(), next <= row);
  }

  @Test
  public void lagIsToldInBytesAndTime() throws Exception {
    try (Peer slow = stalled("v");
        Peer healthy = Dialogue.subscriber(server, "time", "v")) {
      Thread reading = new Thread(healthy::readFramesToEnd);
      reading.start();
      while (server.clients().get(0).delivery().lagBytes() < 100_000) {
        write(1);
      }
      Await.until("grows old", () -> server.clients().get(0).delivery().lagMs() >= 50);
      ClientStatus.Delivery delivery = server.clients().get(0).delivery();
      assertEquals(slow.sessionId, "gap", delivery.contract());
      assertTrue(delivery.toString(), delivery.lagBytes() > 0);
      assertTrue(delivery.toString(), delivery.lagMs() < 20_000);
      Await.until(
          "has everything",
          () -> {
            ClientStatus.Delivery other = server.clients().get(1).delivery();
            return other.lagBytes() == 0 && other.lagMs() == 0 && other.holes() == 0;
          });
      Await.until(
          "skips",
          () -> {
            write(10);
            return server.clients().get(0).delivery().lagBytes() < delivery.lagBytes();
          });
      healthy.socket.close();
      reading.join();
    }
  }

  @Test
  public void othersDoNotNotice() throws Exception {
    try (Peer slow = stalled("v");
        Peer healthy = Dialogue.subscriber(server, "time", "v")) {
      long next = 0;
      for (int i = 0; i < 800; i++) {
        write(1);
        Peer.Packet packet = healthy.read();
        while (packet.payload() == null || packet.payload().remaining() != BLOCK * Double.BYTES) {
          assertTrue(packet.toString(), packet.payload() != null); // a line, but no hole
          packet = healthy.read();
        }
        next += BLOCK;
      }
      assertEquals(row, next);
      assertEquals(0, server.statistics().count(ServerEvent.TOO_SLOW));
      assertTrue(
          slow.sessionId, server.losses().stream().allMatch(l -> l.client().equals("client-1")));
    }
  }
}
