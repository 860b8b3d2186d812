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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** Signals that are made for clients, when much happens around them (section 2.7). */
public class DerivedSignalsTest {
  private static final String FULL = "User-Agent: daqstream/test";
  private static final String LATEST = "v?contract=latest&perSecond=1000";
  private static final String ENVELOPE = "v?contract=envelope&perSecond=100";
  private static final int BLOCK = 1_000;

  @Rule public final Timeout timeout = Timeout.seconds(60);

  @Rule
  public final TestServer server = new TestServer("ringBytes", 1 << 20, "sendBufferBytes", 65_536);

  private final TableTap table = server.table("time");
  private final SignalTap v = TestServer.signal(table, "v");
  private final TableTap other = server.table("other");
  private final SignalTap w = TestServer.signal(other, "w");
  private long otherRow;

  private void flood(int blocks) {
    for (int i = 0; i < blocks; i++) {
      w.accept(otherRow, otherRow * DELTA, null, new double[BLOCK], 0, BLOCK);
      otherRow += BLOCK;
    }
  }

  private void floodInTurns(int blocks) {
    for (int i = 0; i < blocks; i++) {
      flood(1);
      server.awaitTurn();
    }
  }

  /** Has the fan-out thread wait while something is done that overtakes it. */
  private void whileItIsHeldUp(Runnable work) throws Exception {
    Peer victim = server.connect();
    Dialogue.subscribe(server, victim, "w");
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    server
        .fanOut()
        .submit(
            () -> {
              held.countDown();
              try {
                done.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    held.await();
    work.run();
    flood(400);
    done.countDown();
    Await.until("overtaken", () -> server.statistics().count(ServerEvent.TOO_SLOW) == 1);
  }

  @Test
  public void derivedSignalWhoseSourceWentUnseenEnds() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids = Dialogue.subscribeDerived(server, peer, LATEST);
    whileItIsHeldUp(v::close);
    Dialogue.expectSignalIds(peer, "unavailable", "v");
    Dialogue.expectUnsubscribed(peer, LATEST, ids.signo());
    Dialogue.expectUnsubscribed(peer, LATEST + "&domain", ids.domainSigno());
    Dialogue.expectSignalIds(peer, "unavailable", LATEST);
  }

  @Test
  public void derivedSignalEndsWhenItIsUnknownFromWhereOnARateHolds() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids = Dialogue.subscribeDerived(server, peer, LATEST);
    whileItIsHeldUp(() -> table.updateDomain(SignalDescriptor.linearTime("time", 5 * DELTA)));
    Dialogue.expectUnsubscribed(peer, LATEST, ids.signo());
    Dialogue.expectUnsubscribed(peer, LATEST + "&domain", ids.domainSigno());
    Dialogue.expectSignalIds(peer, "unavailable", LATEST);
    ids = Dialogue.subscribeDerived(server, peer, LATEST);
    v.accept(0, 0, null, new double[] {1, 2}, 0, 2);
    assertEquals(5 * DELTA, Dialogue.expectData(peer, ids.domainSigno()).getLong());
    Dialogue.expectDoubles(peer, ids.signo(), 2);
  }

  @Test
  public void derivedSignalGoesOnWhenOnlyBlocksWereMissed() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids = Dialogue.subscribeDerived(server, peer, LATEST);
    whileItIsHeldUp(() -> v.accept(0, 0, null, new double[] {1}, 0, 1));
    v.accept(1, DELTA, null, new double[] {2, 3}, 0, 2);
    Dialogue.expectValueIndex(peer, ids.signo(), 0);
    assertEquals(2 * DELTA, Dialogue.expectData(peer, ids.domainSigno()).getLong());
    Dialogue.expectDoubles(peer, ids.signo(), 3);
  }

  @Test
  public void signalsThatNobodyWantsAnyMoreEndWithoutHarmToOthers() throws Exception {
    List<String> ids = new ArrayList<>();
    List<SignalTap> sources = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      sources.add(TestServer.signal(table, "s" + i));
      for (int n = 1; n <= 16; n++) {
        ids.add("s" + i + "?contract=latest&perSecond=" + n);
      }
    }
    Peer healthy = server.connect();
    Dialogue.subscribe(server, healthy, "v");
    int signo = Dialogue.expectSubscribed(healthy, "time", "v").signo();
    Peer peer = server.connect(FULL);
    for (int from = 0; from < ids.size(); from += 128) {
      Dialogue.request(
          peer, from, "subscribe", ids.subList(from, from + 128).toArray(String[]::new));
      Peer.Packet packet = peer.read();
      while (!packet.method().equals("response")) {
        packet = peer.read(); // acknowledgements
      }
    }
    peer.close();
    Await.until("all have ended", () -> sources.stream().noneMatch(SignalTap::hasSubscriber));
    v.accept(0, 0, null, new double[] {42}, 0, 1);
    Peer.Packet packet = healthy.read();
    while (packet.metadata() != null || packet.signo() != signo) {
      packet = healthy.read();
    }
    assertEquals(42, packet.payload().getDouble(), 0);
    assertEquals(0, server.statistics().count(ServerEvent.TOO_SLOW));
  }

  @Test
  public void newestIsNotLostWhenItsClientIsBehindForOtherSignals() throws Exception {
    try (Peer peer = Peer.connect(server.port(), FULL)) {
      peer.socket.setReceiveBufferSize(65_536);
      Dialogue.Subscribed ids = Dialogue.subscribeDerived(server, peer, LATEST);
      v.accept(0, 0, null, new double[] {1}, 0, 1);
      Dialogue.expectData(peer, ids.domainSigno());
      Dialogue.expectDoubles(peer, ids.signo(), 1);
      Dialogue.subscribe(server, peer, "w?contract=gap");
      floodInTurns(400);
      v.accept(1, DELTA, null, new double[] {42}, 0, 1);
      floodInTurns(400);
      Dialogue.request(peer, 7, "subscribe");
      List<Double> seen = new ArrayList<>();
      Peer.Packet packet = peer.read();
      while (!packet.method().equals("response")) {
        if (packet.metadata() == null && packet.signo() == ids.signo()) {
          seen.add(packet.payload().getDouble());
        }
        packet = peer.read();
      }
      assertEquals(List.of(42.0), seen);
      assertTrue(server.losses().stream().allMatch(loss -> loss.signalId().equals("w")));
    }
  }

  @Test
  public void sampleThatIsWrittenWhileItIsAskedForComes() throws Exception {
    SignalTap k =
        table.openSignal(
            SignalDescriptor.value("k", "real64").replayLast(true).build(), new Doubles());
    Peer peer = server.connect(FULL);
    String id = "k?contract=latest&perSecond=1000";
    for (int i = 1; i < 60; i++) {
      Dialogue.request(peer, i, "subscribe", id);
      LockSupport.parkNanos(i * 10_000L);
      k.accept(i, i * DELTA, null, new double[] {i}, 0, 1);
      double seen = 0;
      while (seen != i) {
        Peer.Packet packet = peer.read();
        if (packet.metadata() == null && packet.payload().remaining() == Double.BYTES) {
          seen = packet.payload().getDouble();
        }
      }
      Dialogue.request(peer, -i, "unsubscribe", id);
      Peer.Packet packet = peer.read();
      while (!packet.method().equals("response") || packet.params().path("id").intValue() > 0) {
        packet = peer.read();
      }
      Await.until("nobody wants it", () -> !k.hasSubscriber());
    }
  }

  @Test
  public void unsubscribingWhatNobodyHasIsDone() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.unsubscribe(server, peer, ENVELOPE);
    Dialogue.expectNothing(peer);
    Dialogue.assertRefused(400, peer.command(server.controlPort(), "unsubscribe", "x" + ENVELOPE));
    assertFalse(v.hasSubscriber());
  }

  @Test
  public void oneSignalMayBeNamedTwiceAndByTwoCommands() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.subscribe(server, peer, LATEST, LATEST);
    Dialogue.expectSubscribed(peer, LATEST + "&domain", LATEST);
    Dialogue.subscribe(server, peer, LATEST);
    Dialogue.unsubscribe(server, peer, LATEST, LATEST);
    Dialogue.unsubscribe(server, peer, LATEST);
    peer.next("unsubscribe");
    peer.next("unsubscribe");
    Dialogue.expectNothing(peer);
    Await.until("nobody wants it", () -> !v.hasSubscriber());
  }

  @Test
  public void idsNearTheLimitAreUnknownOrWork() throws Exception {
    String suffix = "?contract=latest&perSecond=1";
    int room = 255 - suffix.length() - "&domain".length();
    TestServer.signal(table, "l".repeat(room));
    TestServer.signal(table, "m".repeat(room + 1));
    Peer peer = server.connect(FULL);
    Dialogue.subscribeDerived(server, peer, "l".repeat(room) + suffix);
    Dialogue.assertRefused(
        400, peer.command(server.controlPort(), "subscribe", "m".repeat(room + 1) + suffix));
    Dialogue.expectNothing(peer);
  }

  @Test
  public void oneSourceHasSixteen() throws Exception {
    Peer peer = server.connect(FULL);
    for (int n = 1; n <= 16; n++) {
      Dialogue.subscribeDerived(server, peer, "v?contract=envelope&perSecond=" + n);
    }
    Dialogue.assertRefused(400, peer.command(server.controlPort(), "subscribe", LATEST));
    Dialogue.unsubscribe(server, peer, "v?contract=envelope&perSecond=1");
    peer.next("unsubscribe");
    peer.next("unsubscribe");
    Dialogue.subscribeDerived(server, peer, LATEST);
  }

  @Test
  public void envelopeTakesTheFirstTicksThereAre() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids =
        Dialogue.subscribeDerived(server, peer, "v?contract=envelope&perSecond=1000");
    v.accept(0, Long.MIN_VALUE, null, new double[] {1, 2}, 0, 2);
    v.accept(2, Long.MIN_VALUE + 2 * DELTA, null, new double[] {3}, 0, 1);
    assertEquals(Long.MIN_VALUE, Dialogue.expectData(peer, ids.domainSigno()).getLong());
    Dialogue.expectData(peer, ids.signo());
  }

  @Test
  public void whoHasNoSubscriptionIsShownWithTheServersContract() {
    server.connect();
    assertEquals("disconnect", server.clients().get(0).delivery().contract());
  }
}
