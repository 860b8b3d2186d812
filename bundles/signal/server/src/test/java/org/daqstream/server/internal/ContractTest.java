/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** What a client of ours gets that asks for a contract behind a signal's id (section 2.7). */
public class ContractTest {
  private static final String FULL = "User-Agent: daqstream/test";
  private static final String LATEST = "v?contract=latest&perSecond=1000";
  private static final String ENVELOPE = "v?contract=envelope&perSecond=100"; // ten samples each
  private static final String GAP = "v?contract=gap";
  private static final int BLOCK = 1_000;

  @Rule public final Timeout timeout = Timeout.seconds(60);

  @Rule
  public final TestServer server = new TestServer("ringBytes", 1 << 20, "sendBufferBytes", 65_536);

  private final TableTap table = server.table("time");
  private final SignalTap v = TestServer.signal(table, "v");
  private long row;

  private void write(double... samples) {
    v.accept(row, row * DELTA, null, samples, 0, samples.length);
    row += samples.length;
  }

  @Test
  public void latestIsTheNewestSampleWithItsTime() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids = Dialogue.subscribeDerived(server, peer, LATEST);
    write(1, 2, 3);
    assertEquals(2 * DELTA, Dialogue.expectData(peer, ids.domainSigno()).getLong());
    Dialogue.expectDoubles(peer, ids.signo(), 3);
    write(4);
    assertEquals(3 * DELTA, Dialogue.expectData(peer, ids.domainSigno()).getLong());
    Dialogue.expectDoubles(peer, ids.signo(), 4);
  }

  @Test
  public void latestComesAtMostSoOftenAndTheLastOneComesInTheEnd() throws Exception {
    Peer peer = server.connect(FULL);
    String id = "v?contract=latest&perSecond=10";
    Dialogue.Subscribed ids = Dialogue.subscribeDerived(server, peer, id);
    long start = System.nanoTime();
    double value = 0;
    while (System.nanoTime() - start < 500_000_000L) {
      write(++value);
      Thread.onSpinWait();
    }
    int updates = 0;
    double seen = 0;
    while (seen < value) {
      Peer.Packet packet = peer.read(); // it may be told its row again: the log is small
      if (packet.metadata() == null && packet.signo() == ids.signo()) {
        seen = packet.payload().getDouble();
        updates++;
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    assertTrue(updates + " in " + seconds + " s", updates >= 3 && updates <= 10 * seconds + 2);
  }

  @Test
  public void whoComesLaterGetsTheLatestAtOnce() throws Exception {
    Peer first = server.connect(FULL);
    Dialogue.Subscribed ids = Dialogue.subscribeDerived(server, first, LATEST);
    write(42);
    Dialogue.expectData(first, ids.domainSigno());
    Dialogue.expectDoubles(first, ids.signo(), 42);
    Peer second = server.connect(FULL);
    ids = Dialogue.subscribeDerived(server, second, LATEST);
    assertEquals(0, Dialogue.expectData(second, ids.domainSigno()).getLong());
    Dialogue.expectDoubles(second, ids.signo(), 42);
  }

  @Test
  public void derivedSignalIsMadeOnceAndEndsWithItsLastSubscriber() throws Exception {
    assertFalse(v.hasSubscriber());
    Peer first = server.connect(FULL);
    Dialogue.Subscribed one = Dialogue.subscribeDerived(server, first, ENVELOPE);
    Peer second = server.connect(FULL);
    assertEquals("the same", one, Dialogue.subscribeDerived(server, second, ENVELOPE));
    assertTrue(v.hasSubscriber());
    Dialogue.unsubscribe(server, first, ENVELOPE);
    Dialogue.expectUnsubscribed(first, ENVELOPE, one.signo());
    Dialogue.expectUnsubscribed(first, ENVELOPE + "&domain", one.domainSigno());
    second.close();
    Await.until("nobody wants it", () -> !v.hasSubscriber());
  }

  @Test
  public void othersDoNotSeeDerivedSignals() throws Exception {
    Peer other = Dialogue.subscriber(server, "time", "v");
    Dialogue.subscribeDerived(server, server.connect(FULL), ENVELOPE);
    Dialogue.expectNothing(other);
    try (Peer late = new Peer(server.port())) {
      late.upgrade("/", FULL);
      late.next("apiVersion");
      late.next("init");
      Dialogue.expectSignalIds(late, "available", "time", "v");
    }
    other.close();
  }

  @Test
  public void stockClientsAndNonsenseAreToldThatTheSignalIsUnknown() throws Exception {
    for (String stock : List.of("X: y", Dialogue.WS_STREAMING)) {
      Peer peer = server.connect(stock);
      Dialogue.assertRefused(400, peer.command(server.controlPort(), "subscribe", ENVELOPE));
    }
    Peer peer = server.connect(FULL);
    for (String wrong :
        List.of(
            "nobody?contract=gap",
            "v?contract=",
            "v?contract=best",
            "v?contract=latest",
            "v?contract=latest&perSecond=0",
            "v?contract=latest&perSecond=007",
            "v?contract=latest&perSecond=1001",
            "v?contract=gap&perSecond=5",
            "time?contract=envelope&perSecond=5",
            ENVELOPE + "?contract=gap")) {
      Dialogue.assertRefused(400, peer.command(server.controlPort(), "subscribe", wrong));
    }
    Dialogue.expectNothing(peer);
  }

  @Test
  public void derivedSignalEndsWithItsSourceAndWhenThatIsAnother() throws Exception {
    Peer peer = server.connect(FULL);
    for (int i = 0; i < 2; i++) {
      Dialogue.Subscribed ids = Dialogue.subscribeDerived(server, peer, ENVELOPE);
      if (i == 0) {
        v.update(SignalDescriptor.value("v", "real64").unit(Unit.VOLT).build(), new Doubles());
      } else {
        v.close();
        Dialogue.expectSignalIds(peer, "unavailable", "v");
      }
      Dialogue.expectUnsubscribed(peer, ENVELOPE, ids.signo());
      Dialogue.expectUnsubscribed(peer, ENVELOPE + "&domain", ids.domainSigno());
      Dialogue.expectSignalIds(peer, "unavailable", ENVELOPE);
    }
    Dialogue.expectNothing(peer);
  }

  @Test
  public void whatIsNotToldYetComesBeforeTheEnd() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed envelope = Dialogue.subscribeDerived(server, peer, ENVELOPE);
    String id = "v?contract=latest&perSecond=1";
    Dialogue.Subscribed latest = Dialogue.subscribeDerived(server, peer, id);
    write(1);
    Dialogue.expectData(peer, latest.domainSigno());
    Dialogue.expectDoubles(peer, latest.signo(), 1);
    write(7, 3);
    v.close();
    Dialogue.expectSignalIds(peer, "unavailable", "v");
    List<Integer> signos = new ArrayList<>();
    Peer.Packet packet = peer.read();
    while (signos.size() < 4) {
      if (packet.metadata() == null) {
        signos.add(packet.signo());
        if (packet.signo() == envelope.signo()) {
          assertEquals(7, packet.payload().getDouble(5 * 8), 0);
        } else if (packet.signo() == latest.signo()) {
          assertEquals(3, packet.payload().getDouble(), 0);
        }
      }
      packet = signos.size() < 4 ? peer.read() : packet;
    }
    assertTrue(signos.contains(envelope.signo()) && signos.contains(latest.signo()));
  }

  private void flood(int blocks) {
    for (int i = 0; i < blocks; i++) {
      write(new double[BLOCK]);
      server.awaitTurn();
    }
  }

  @Test
  public void gapIsTheChoiceOfTheClientThatAsksForIt() throws Exception {
    try (Peer stock = Peer.connect(server.port());
        Peer peer = Peer.connect(server.port(), FULL)) {
      stock.socket.setReceiveBufferSize(65_536);
      peer.socket.setReceiveBufferSize(65_536);
      Dialogue.subscribe(server, stock, "v");
      Dialogue.subscribe(server, peer, GAP);
      flood(800);
      Await.until("stock peer is out", () -> server.statistics().count(ServerEvent.TOO_SLOW) == 1);
      Peer.Packet packet = peer.read();
      while (!packet.method().equals("loss")) {
        packet = peer.read();
      }
      assertEquals("v", packet.params().path("signalId").textValue());
      long from = packet.params().path("fromRow").longValue();
      long to = packet.params().path("toRow").longValue();
      assertTrue(packet.toString(), from > 0 && to > from && to <= row);
      assertEquals(from * DELTA, packet.params().path("fromTick").longValue());
      assertEquals(to * DELTA, packet.params().path("toTick").longValue());
      assertFalse(server.losses().get(0).reason().isEmpty());
      Peer.Packet block = peer.read();
      while (block.signo() != packet.signo()) {
        block = peer.read(); // the line
      }
      assertEquals(BLOCK * Double.BYTES, block.payload().remaining());
    }
  }

  @Test
  public void strictestSubscriptionDecides() throws Exception {
    TestServer.signal(table, "w");
    try (Peer peer = Peer.connect(server.port(), FULL)) {
      peer.socket.setReceiveBufferSize(65_536);
      Dialogue.subscribe(server, peer, GAP, "w");
      flood(800);
      Await.until("it is out", () -> server.statistics().count(ServerEvent.TOO_SLOW) == 1);
    }
  }

  @Test
  public void displayThatDoesNotReadGetsTheNewestInTheEnd() throws Exception {
    try (Peer peer = Peer.connect(server.port(), FULL)) {
      Dialogue.Subscribed ids = Dialogue.subscribeDerived(server, peer, LATEST);
      flood(3_000);
      write(42);
      double seen = 0;
      while (seen != 42) {
        Peer.Packet packet = peer.read();
        if (packet.metadata() == null && packet.signo() == ids.signo()) {
          seen = packet.payload().getDouble();
        }
      }
      assertEquals(0, server.statistics().count(ServerEvent.TOO_SLOW));
      assertTrue(server.losses().isEmpty());
    }
  }
}
