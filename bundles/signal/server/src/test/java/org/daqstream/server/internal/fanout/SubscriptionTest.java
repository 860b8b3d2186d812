/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.concurrent.locks.LockSupport;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Rule;
import org.junit.Test;

/** Subscribing and what follows (protocol section 2.6). */
public class SubscriptionTest {
  @Rule public final TestServer server = new TestServer();
  private final TableTap table = server.table("time");
  private final SignalTap v = TestServer.signal(table, "v");
  private final SignalTap w = TestServer.signal(table, "w");
  private final Peer peer = server.connect();

  private static WriteResult write(SignalTap signal, long row, double... values) {
    return signal.accept(row, row * TestServer.DELTA, null, values, 0, values.length);
  }

  @Test
  public void subscriberGetsDomainThenValueThenLineThenData() throws Exception {
    // cases 47, 63, row 15
    assertEquals(WriteResult.NO_SUBSCRIBER, write(v, 0, 1));
    Dialogue.subscribe(server, peer, "v");
    assertEquals("time", peer.next("subscribe").params().path("signalId").textValue());
    assertEquals("time", peer.next("signal").params().path("tableId").textValue());
    assertEquals("v", peer.next("subscribe").params().path("signalId").textValue());
    Peer.Packet signal = peer.next("signal");
    assertEquals(1, signal.params().path("valueIndex").longValue());
    assertEquals(WriteResult.ACCEPTED, write(v, 1, 2, 3));
    Peer.Packet line = peer.next("data");
    assertEquals(1, line.payload().getLong(0));
    assertEquals(TestServer.DELTA, line.payload().getLong(8));
    Dialogue.expectDoubles(peer, signal.signo(), 2, 3);
    Dialogue.expectNothing(peer);
  }

  @Test
  public void secondSubscribeIsSilent() throws Exception { // case 49, row 16
    Dialogue.subscribe(server, peer, "v");
    Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "time", "v");
    Dialogue.subscribe(server, peer, "v", "v");
    Dialogue.expectNothing(peer);
    write(v, 0, 1);
    Dialogue.expectLine(peer, ids.domainSigno(), 0, 0);
    Dialogue.expectDoubles(peer, ids.signo(), 1);
    Dialogue.unsubscribe(server, peer, "v");
    Dialogue.expectUnsubscribed(peer, "v", ids.signo());
    Dialogue.expectUnsubscribed(peer, "time", ids.domainSigno());
    assertFalse(v.hasSubscriber());
  }

  @Test
  public void explicitDomainOutlivesItsValue() throws Exception { // case 50
    Dialogue.subscribe(server, peer, "v");
    Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "time", "v");
    Dialogue.subscribe(server, peer, "time");
    Dialogue.expectNothing(peer);
    Dialogue.unsubscribe(server, peer, "v");
    Dialogue.expectUnsubscribed(peer, "v", ids.signo());
    Dialogue.expectNothing(peer);
    Dialogue.unsubscribe(server, peer, "time");
    Dialogue.expectUnsubscribed(peer, "time", ids.domainSigno());
  }

  @Test
  public void domainUnsubscribedExplicitlyStaysForItsValue() throws Exception { // case 50
    Dialogue.subscribe(server, peer, "time", "v");
    int domainSigno = Dialogue.expectAcknowledged(peer, "time").signo();
    int signo = Dialogue.expectAcknowledged(peer, "v").signo();
    Dialogue.unsubscribe(server, peer, "time");
    Dialogue.expectNothing(peer);
    write(v, 0, 1);
    Dialogue.expectLine(peer, domainSigno, 0, 0);
    Dialogue.expectDoubles(peer, signo, 1);
  }

  @Test
  public void sharedDomainLeavesWithItsLastValue() throws Exception { // case 51
    Dialogue.subscribe(server, peer, "v", "w");
    Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "time", "v");
    int other = Dialogue.expectAcknowledged(peer, "w").signo();
    Dialogue.unsubscribe(server, peer, "v");
    Dialogue.expectUnsubscribed(peer, "v", ids.signo());
    Dialogue.expectNothing(peer);
    write(w, 0, 1);
    Dialogue.expectLine(peer, ids.domainSigno(), 0, 0);
    Dialogue.expectDoubles(peer, other, 1);
    Dialogue.unsubscribe(server, peer, "w");
    Dialogue.expectUnsubscribed(peer, "w", other);
    Dialogue.expectUnsubscribed(peer, "time", ids.domainSigno());
  }

  @Test
  public void unsubscribingWhatIsNotSubscribedIsSilent() throws Exception { // case 52, row 17
    Dialogue.unsubscribe(server, peer, "v");
    Dialogue.subscribe(server, peer, "w");
    Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "time", "w");
    Dialogue.unsubscribe(server, peer, "v");
    Dialogue.unsubscribe(server, peer, "v", "v", "time");
    Dialogue.expectNothing(peer);
    write(w, 0, 1);
    Dialogue.expectLine(peer, ids.domainSigno(), 0, 0);
    Dialogue.expectDoubles(peer, ids.signo(), 1);
    Dialogue.unsubscribe(server, peer, "w");
    Dialogue.expectUnsubscribed(peer, "w", ids.signo());
    Dialogue.expectUnsubscribed(peer, "time", ids.domainSigno());
    Dialogue.unsubscribe(server, peer, "w");
    Dialogue.expectNothing(peer);
    assertFalse(w.hasSubscriber());
  }

  @Test
  public void unsubscribeAcknowledgementNamesTheSignal() throws Exception { // row 32
    Dialogue.subscribe(server, peer, "v");
    Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "time", "v");
    Dialogue.unsubscribe(server, peer, "v");
    Dialogue.expectUnsubscribed(peer, "v", ids.signo());
  }

  @Test
  public void nothingFollowsTheUnsubscribeAcknowledgement() throws Exception { // case 53
    try (Publisher publisher = new Publisher(v)) {
      Thread writing = publisher.start();
      for (int i = 0; i < 20; i++) {
        Dialogue.subscribe(server, peer, "v");
        Dialogue.expectSubscribed(peer, "time", "v");
        while (!peer.read().method().equals("data")) {
          // the first block may move the row that was told
        }
        Dialogue.unsubscribe(server, peer, "v");
        Peer.Packet packet = peer.read();
        while (!packet.method().equals("unsubscribe")) {
          assertTrue(
              packet.toString(),
              packet.method().equals("data") || packet.method().equals("signal"));
          packet = peer.read();
        }
        assertEquals("time", peer.next("unsubscribe").params().path("signalId").textValue());
        Dialogue.expectNothing(peer);
      }
      assertTrue(writing.isAlive());
    }
  }

  /** Writes one block after the other. */
  private static final class Publisher implements AutoCloseable {
    private final SignalTap signal;
    private volatile boolean stopped;
    private Thread thread;

    Publisher(SignalTap signal) {
      this.signal = signal;
    }

    Thread start() {
      thread =
          new Thread(
              () -> {
                for (long row = 0; !stopped; row += 2) {
                  write(signal, row, (double) row, row + 1.0);
                  LockSupport.parkNanos(10_000); // the client must keep up on any machine
                }
              });
      thread.start();
      return thread;
    }

    @Override
    public void close() {
      stopped = true;
      Await.until("the publisher has ended", () -> !thread.isAlive());
    }
  }

  @Test
  public void signalNumbersStayOverResubscription() throws Exception { // section 2.6
    Dialogue.subscribe(server, peer, "v");
    Dialogue.Subscribed first = Dialogue.expectSubscribed(peer, "time", "v");
    Dialogue.unsubscribe(server, peer, "v");
    peer.next("unsubscribe");
    peer.next("unsubscribe");
    Dialogue.subscribe(server, peer, "v");
    Dialogue.Subscribed again = Dialogue.expectSubscribed(peer, "time", "v");
    assertEquals(first.signo(), again.signo());
    assertEquals(first.domainSigno(), again.domainSigno());
  }

  @Test
  public void resubscriberIsToldTheLineAndRowAgain() throws Exception { // cases 63, 64
    Dialogue.subscribe(server, peer, "v");
    Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "time", "v");
    write(v, 0, 1, 2, 3);
    Dialogue.expectLine(peer, ids.domainSigno(), 0, 0);
    Dialogue.expectDoubles(peer, ids.signo(), 1, 2, 3);
    Dialogue.unsubscribe(server, peer, "v");
    peer.next("unsubscribe");
    peer.next("unsubscribe");
    write(v, 3, 4);
    Dialogue.subscribe(server, peer, "v");
    assertEquals(4, Dialogue.expectSubscribed(peer, "time", "v").valueIndex());
    write(v, 4, 5);
    Dialogue.expectLine(peer, ids.domainSigno(), 4, 4 * TestServer.DELTA);
    Dialogue.expectDoubles(peer, ids.signo(), 5);
  }

  @Test
  public void domainAloneDeliversItsLines() throws Exception { // section 2.6
    Dialogue.subscribe(server, peer, "time");
    int signo = Dialogue.expectAcknowledged(peer, "time").signo();
    assertTrue("blocks are wanted for their lines", v.hasSubscriber());
    assertEquals(WriteResult.NO_SUBSCRIBER, write(v, 0, 1, 2));
    assertEquals(WriteResult.NO_SUBSCRIBER, write(v, 2, 3));
    v.accept(3, 100 * TestServer.DELTA, null, new double[1], 0, 1);
    Dialogue.expectLine(peer, signo, 0, 0);
    Dialogue.expectLine(peer, signo, 3, 100 * TestServer.DELTA);
    Dialogue.expectNothing(peer);
  }

  @Test
  public void clientsAreIndependent() throws Exception { // case 82
    try (Peer other = Peer.connect(server.port())) {
      Dialogue.subscribe(server, peer, "v");
      Dialogue.Subscribed mine = Dialogue.expectSubscribed(peer, "time", "v");
      Dialogue.expectNothing(other);
      write(v, 0, 1);
      Dialogue.expectLine(peer, mine.domainSigno(), 0, 0);
      Dialogue.expectDoubles(peer, mine.signo(), 1);
      Dialogue.subscribe(server, other, "w", "v");
      Dialogue.Subscribed theirs = Dialogue.expectSubscribed(other, "time", "w");
      assertEquals(
          1, Dialogue.expectAcknowledged(other, "v").params().path("valueIndex").intValue());
      write(v, 1, 2);
      write(w, 1, 20);
      Dialogue.expectDoubles(peer, mine.signo(), 2);
      Dialogue.expectLine(other, mine.domainSigno(), 1, TestServer.DELTA);
      Dialogue.expectDoubles(other, mine.signo(), 2);
      Dialogue.expectValueIndex(other, theirs.signo(), 1);
      Dialogue.expectLine(other, mine.domainSigno(), 1, TestServer.DELTA);
      Dialogue.expectDoubles(other, theirs.signo(), 20);
      Dialogue.unsubscribe(server, other, "v", "w");
      Dialogue.expectUnsubscribed(other, "v", mine.signo());
      Dialogue.expectUnsubscribed(other, "w", theirs.signo());
      Dialogue.expectUnsubscribed(other, "time", mine.domainSigno());
      write(v, 2, 3);
      write(w, 2, 30);
      Dialogue.expectDoubles(peer, mine.signo(), 3);
      Dialogue.expectNothing(peer);
      Dialogue.expectNothing(other);
    }
  }
}
