/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import java.util.List;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Events: every sample has a stamp of its own (protocol sections 3.5 and 3.6). */
public class ExplicitDomainTest {
  private TestServer server;
  private SignalTap v;
  private SignalTap w;

  private static final String FULL = "User-Agent: daqstream/0.1";

  @Before
  public void startServer() throws Exception {
    server = new TestServer();
    TableTap table = server.sink().openTable(SignalDescriptor.explicitTime("at"));
    v = TestServer.signal(table, "v");
    w = TestServer.signal(table, "w");
  }

  @After
  public void stopServer() throws Exception {
    server.close();
  }

  private static void write(SignalTap signal, long row, long[] stamps, double... values) {
    assertEquals(
        WriteResult.ACCEPTED, signal.accept(row, stamps[0], stamps, values, 0, values.length));
  }

  private static void expectStamps(Peer peer, int signo, long... stamps) throws Exception {
    ByteBuffer payload = Dialogue.expectData(peer, signo);
    assertEquals((long) stamps.length * Long.BYTES, payload.remaining());
    for (long stamp : stamps) {
      assertEquals(stamp, payload.getLong());
    }
  }

  @Test
  public void stampsGoDirectlyBeforeTheirValues() throws Exception { // case 67
    try (Peer peer = Peer.connect(server.port(), FULL)) {
      Dialogue.subscribe(server, peer, "v");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "at", "v");
      write(v, 0, new long[] {100, 250, 251}, 1, 2, 3);
      write(v, 3, new long[] {900}, 4);
      expectStamps(peer, ids.domainSigno(), 100, 250, 251);
      Dialogue.expectDoubles(peer, ids.signo(), 1, 2, 3);
      expectStamps(peer, ids.domainSigno(), 900);
      Dialogue.expectDoubles(peer, ids.signo(), 4);
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void olderFamilyGetsEachSampleOfABurstWithItsOwnStamp() throws Exception { // section 3.6
    try (Peer peer = Peer.connect(server.port())) {
      Dialogue.subscribe(server, peer, "v");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "at", "v");
      write(v, 0, new long[] {100, 250, 250}, 1, 2, 3);
      expectStamps(peer, ids.domainSigno(), 100);
      Dialogue.expectDoubles(peer, ids.signo(), 1);
      expectStamps(peer, ids.domainSigno(), 250);
      Dialogue.expectDoubles(peer, ids.signo(), 2);
      expectStamps(peer, ids.domainSigno(), 250);
      Dialogue.expectDoubles(peer, ids.signo(), 3);
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void stampsHaveTheBytesOfTheReference() throws Exception { // section 3.5
    try (Peer peer = Dialogue.subscriber(server, "at", "v")) {
      write(v, 0, new long[] {1_700_000_000_000_000_000L}, 1);
      assertEquals(
          ByteBuffer.wrap(Hex.bytes("01 00 80 10 00 00 2a 36 fe 9c 97 17")),
          peer.readFrame().payload());
    }
  }

  @Test
  public void siblingsEachHaveTheirStamps() throws Exception { // case 67, section 3.6
    try (Peer peer = Peer.connect(server.port(), FULL)) {
      Dialogue.subscribe(server, peer, "v", "w");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "at", "v");
      int other = Dialogue.expectAcknowledged(peer, "w").signo();
      write(v, 0, new long[] {1, 2}, 1, 2);
      write(w, 0, new long[] {1, 2}, 10, 20);
      expectStamps(peer, ids.domainSigno(), 1, 2);
      Dialogue.expectDoubles(peer, ids.signo(), 1, 2);
      expectStamps(peer, ids.domainSigno(), 1, 2);
      Dialogue.expectDoubles(peer, other, 10, 20);
    }
  }

  @Test
  public void subscriberOfOneSiblingGetsNoStampsOfTheOther() throws Exception { // cases 67, 82
    try (Peer both = Dialogue.subscriber(server, "at", "w");
        Peer peer = Peer.connect(server.port())) {
      Dialogue.subscribe(server, peer, "v");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "at", "v");
      write(w, 0, new long[] {1}, 10);
      write(v, 0, new long[] {2}, 1);
      expectStamps(peer, ids.domainSigno(), 2);
      Dialogue.expectDoubles(peer, ids.signo(), 1);
      Dialogue.expectNothing(peer);
      expectStamps(both, ids.domainSigno(), 1);
      both.next("data");
      Dialogue.expectNothing(both);
    }
  }

  @Test
  public void firstRowIsToldAgainWhenItIsAnother() throws Exception { // case 64, row 35
    for (String agent : List.of(FULL, "User-Agent: unknown", Dialogue.WS_STREAMING)) {
      try (Peer peer = Peer.connect(server.port(), agent)) {
        Dialogue.subscribe(server, peer, "v");
        Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "at", "v");
        long row = ids.valueIndex() + 5; // those between are of siblings
        write(v, row, new long[] {100}, 1);
        write(v, row + 7, new long[] {200}, 2);
        Dialogue.expectValueIndex(peer, ids.signo(), row);
        expectStamps(peer, ids.domainSigno(), 100);
        Dialogue.expectDoubles(peer, ids.signo(), 1);
        expectStamps(peer, ids.domainSigno(), 200);
        Dialogue.expectDoubles(peer, ids.signo(), 2);
        Dialogue.expectNothing(peer);
      }
    }
  }

  @Test
  public void largeBlockIsCutIntoPairsOfPackets() throws Exception { // case 67, row 3
    expectCut(65_535, "User-Agent: Boost.Beast/345 stream-client");
  }

  /** openDAQ SDK 3.40.3 gives no stamps to who reads within its first seconds otherwise. */
  @Test
  public void stockClientIsToldTheDomainItSubscribedAnewWithItsFirstValue() throws Exception {
    try (Peer peer = Peer.connect(server.port(), Dialogue.WS_STREAMING)) {
      Dialogue.subscribe(server, peer, "at");
      int domain = Dialogue.expectAcknowledged(peer, "at").signo();
      Dialogue.subscribe(server, peer, "v");
      Dialogue.expectUnsubscribed(peer, "at", domain);
      assertEquals(domain, Dialogue.expectSubscribed(peer, "at", "v").domainSigno());
      Dialogue.subscribe(server, peer, "w");
      Dialogue.expectAcknowledged(peer, "w");
      Dialogue.unsubscribe(server, peer, "at", "w");
      Dialogue.expectUnsubscribed(peer, "w", domain + 2);
      write(v, 0, new long[] {7}, 1);
      expectStamps(peer, domain, 7);
      Dialogue.expectDoubles(peer, domain + 1, 1);
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void othersKeepTheDomainTheySubscribed() throws Exception {
    try (Peer peer = Peer.connect(server.port(), FULL)) {
      Dialogue.subscribe(server, peer, "at");
      Dialogue.expectAcknowledged(peer, "at");
      Dialogue.subscribe(server, peer, "v");
      Dialogue.expectAcknowledged(peer, "v");
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void stockClientGetsSmallPairsOfPackets() throws Exception { // case 67, row 3
    expectCut(2_000, Dialogue.WS_STREAMING);
  }

  private void expectCut(int limitBytes, String agent) throws Exception {
    int count = 50_000;
    long[] stamps = new long[count];
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      stamps[i] = 7L * i;
      values[i] = -i;
    }
    try (Peer peer = Peer.connect(server.port(), agent)) {
      Dialogue.subscribe(server, peer, "v");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "at", "v");
      for (int block = 0; block < 2; block++) { // the second one is not the first of a subscriber
        write(v, (long) block * count, stamps, values);
        for (int i = 0; i < count; ) {
          Peer.Frame stampFrame = peer.readFrame();
          Peer.Frame valueFrame = peer.readFrame();
          assertWithin(limitBytes, ids.domainSigno(), stampFrame.payload());
          assertWithin(limitBytes, ids.signo(), valueFrame.payload());
          ByteBuffer stampPayload = stampFrame.payload();
          ByteBuffer valuePayload = valueFrame.payload();
          assertEquals(stampPayload.remaining(), valuePayload.remaining());
          for (; stampPayload.hasRemaining(); i++) {
            assertEquals(7L * i, stampPayload.getLong());
            assertEquals(-i, valuePayload.getDouble(), 0);
          }
        }
      }
      Dialogue.expectNothing(peer);
    }
  }

  private static void assertWithin(int limitBytes, int signo, ByteBuffer packet) {
    assertEquals("within the limit", packet.remaining(), Math.min(limitBytes, packet.remaining()));
    int word = packet.getInt();
    assertEquals(signo, word & 0xFFFFF);
    if ((word >>> 20 & 0xFF) == 0) {
      assertEquals(packet.getInt(), packet.remaining());
    }
    assertEquals("whole samples", 0, packet.remaining() % Long.BYTES);
  }
}
