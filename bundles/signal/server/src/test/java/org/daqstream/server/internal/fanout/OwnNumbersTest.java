/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.daqstream.protocol.Delivery;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.access.Globs;
import org.daqstream.server.internal.access.Rights;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.server.internal.web.KnownPeople;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** Numbers of those who do not see every signal tell nothing of the ones that they do not see. */
public class OwnNumbersTest {
  private static final String FULL = "User-Agent: daqstream/test";
  private static final int BLOCK = 1_000;

  @Rule public final Timeout timeout = Timeout.seconds(60);

  @Rule
  public final TestServer server =
      new TestServer("login", "needed", "ringBytes", 1 << 20, "sendBufferBytes", 65_536);

  private final TableTap secret = server.table("secret/time");
  private final SignalTap s = TestServer.signal(secret, "secret/s");
  private final TableTap open = server.table("open/time");
  private final SignalTap hidden = TestServer.signal(open, "hidden");
  private final SignalTap a = TestServer.signal(open, "open/a");
  private final SignalTap b = TestServer.signal(open, "open/b");

  @Before
  public void somebodyMaySeeAFewSignals() {
    role("open/*");
    KnownPeople people = new KnownPeople().with("all", "everything").with("few", "guest");
    server.authenticators.add(people, Map.of());
  }

  private void role(String... see) {
    Globs none = new Globs(List.of());
    Globs any = new Globs(List.of("**"));
    server.roles.set("guest", new Rights(new Globs(List.of(see)), any, none, Set.of()));
  }

  private Peer connect(String token) {
    return server.connect("Authorization: Bearer " + token, FULL);
  }

  private Dialogue.Subscribed subscribe(Peer peer, String signalId) throws Exception {
    Dialogue.subscribe(server, peer, signalId);
    return Dialogue.expectSubscribed(peer, "open/time", signalId);
  }

  private int another(Peer peer, String signalId) throws Exception {
    Dialogue.subscribe(server, peer, signalId);
    return Dialogue.expectAcknowledged(peer, signalId).signo();
  }

  private static void write(SignalTap signal, long row, double value) {
    signal.accept(row, row * DELTA, null, new double[] {value}, 0, 1);
  }

  @Test
  public void eachIsToldByNumbersThatHeKnows() throws Exception {
    Peer guest = connect("few");
    Peer all = connect("all");
    assertEquals(new Dialogue.Subscribed(1, 2, 0), subscribe(guest, "open/b"));
    assertEquals(3, another(guest, "open/a"));
    assertEquals(new Dialogue.Subscribed(3, 5, 0), subscribe(all, "open/a"));
    assertEquals(6, another(all, "open/b"));
    assertEquals(4, another(all, "hidden"));
    write(hidden, 0, 7);
    write(a, 0, 1);
    write(b, 0, 2);
    Dialogue.expectLine(all, 3, 0, 0);
    Dialogue.expectDoubles(all, 4, 7);
    Dialogue.expectDoubles(all, 5, 1);
    Dialogue.expectDoubles(all, 6, 2);
    Dialogue.expectLine(guest, 1, 0, 0);
    Dialogue.expectDoubles(guest, 3, 1);
    Dialogue.expectDoubles(guest, 2, 2);
    write(b, 5, 8); // a hole is told by the number, too
    Dialogue.expectValueIndex(guest, 2, 5);
    Dialogue.expectDoubles(guest, 2, 8);
    Dialogue.unsubscribe(server, guest, "open/b");
    Dialogue.expectUnsubscribed(guest, "open/b", 2);
    assertEquals("stays", 2, another(guest, "open/b"));
  }

  @Test
  public void aNumberThatBecameFreeRests() throws Exception {
    Peer guest = connect("few");
    subscribe(guest, "open/b");
    b.close();
    Dialogue.expectUnsubscribed(guest, "open/b", 2);
    Dialogue.expectUnsubscribed(guest, "open/time", 1);
    Dialogue.expectSignalIds(guest, "unavailable", "open/b");
    assertEquals(new Dialogue.Subscribed(1, 3, 0), subscribe(guest, "open/a"));
  }

  @Test
  public void whoMayNotSeeAllAnyMoreKeepsNumbersAndGetsFurtherOnesOfHisOwn() throws Exception {
    role("**");
    Peer peer = connect("few");
    assertEquals(new Dialogue.Subscribed(3, 5, 0), subscribe(peer, "open/a"));
    role("open/*");
    for (String gone : List.of("secret/s", "secret/time", "hidden")) {
      Dialogue.expectSignalIds(peer, "unavailable", gone);
    }
    for (int i = 0; i < 10; i++) {
      TestServer.signal(secret, "secret/" + i);
    }
    TestServer.signal(open, "open/c");
    Dialogue.expectSignalIds(peer, "available", "open/c");
    assertEquals(6, another(peer, "open/c"));
    assertEquals(7, another(peer, "open/b"));
    write(a, 0, 1);
    write(b, 0, 2);
    Dialogue.expectLine(peer, 3, 0, 0);
    Dialogue.expectDoubles(peer, 5, 1);
    Dialogue.expectDoubles(peer, 7, 2);
    role("**");
    peer.next("available");
    assertEquals(8, another(peer, "hidden"));
  }

  private void writeBlock(long row) {
    b.accept(row, row * DELTA, null, new double[BLOCK], 0, BLOCK);
    server.awaitTurn();
  }

  @Test
  public void lossIsToldByTheNumberOfTheClient() throws Exception {
    try (Peer guest = Peer.connect(server.port(), "Authorization: Bearer few", FULL)) {
      guest.socket.setReceiveBufferSize(65_536);
      Dialogue.subscribe(server, guest, "open/b?contract=gap");
      assertEquals(2, Dialogue.expectSubscribed(guest, "open/time", "open/b").signo());
      long row = 0;
      for (; row < 800 * BLOCK; row += BLOCK) {
        writeBlock(row);
      }
      Peer.Packet packet = guest.read();
      while (!packet.method().equals("loss")) {
        assertTrue("number " + packet.signo(), packet.signo() <= 2);
        writeBlock(row); // behind the hole
        row += BLOCK;
        packet = guest.read();
      }
      assertEquals("open/b", packet.params().path("signalId").textValue());
      assertEquals(2, packet.signo());
      while (packet.metadata() != null || packet.signo() == 1) {
        packet = guest.read();
      }
      assertEquals(2, packet.signo());
      assertEquals(BLOCK * Double.BYTES, packet.payload().remaining());
    }
  }

  /** Packets that share messages, at a pace, among them some that are too large for that. */
  @Test
  public void joinedPacketsHaveTheNumbersOfTheClient() throws Exception {
    Peer guest = connect("few");
    guest.deliver(new Delivery(30_000, 1_000_000, 10_000));
    subscribe(guest, "open/b");
    another(guest, "open/a");
    long row = 0;
    double value = 0;
    int[] sizes = {1, 10, 1_500, 3, 4_000, 7, 7, 7};
    for (int size : sizes) {
      for (SignalTap signal : List.of(a, hidden, b)) {
        double[] block = new double[size];
        block[size - 1] = ++value;
        signal.accept(row, row * DELTA, null, block, 0, size);
      }
      row += size;
    }
    value = 0;
    for (int size : sizes) {
      for (int signo : new int[] {3, 2}) {
        value += signo == 3 ? 1 : 2;
        Peer.Packet packet = guest.read();
        while (packet.signo() != signo || !isData(packet)) {
          assertFalse("a block is missing", isData(packet) && packet.signo() == 5 - signo);
          packet = guest.read();
        }
        assertEquals((long) size * Double.BYTES, packet.payload().remaining());
        assertEquals(value, packet.payload().getDouble((size - 1) * Double.BYTES), 0);
      }
    }
    s.close();
    Dialogue.expectNothing(guest);
  }

  private static boolean isData(Peer.Packet packet) {
    return packet.metadata() == null;
  }
}
