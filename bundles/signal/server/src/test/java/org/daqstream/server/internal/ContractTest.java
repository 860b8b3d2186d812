/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.Resolution;
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

  /** A point of an envelope. */
  @SuppressWarnings("ArrayRecordComponent") // not compared, not changed
  private record Point(long stamp, long row, long count, long lastTick, double... values) {
    static Point of(ByteBuffer stamp, ByteBuffer sample) {
      assertEquals(8, stamp.remaining());
      assertEquals(3 * 8 + 4 * 8, sample.remaining());
      return new Point(
          stamp.getLong(),
          sample.getLong(),
          sample.getLong(),
          sample.getLong(),
          sample.getDouble(),
          sample.getDouble(),
          sample.getDouble(),
          sample.getDouble());
    }

    double first() {
      return values[0];
    }

    double min() {
      return values[1];
    }

    double max() {
      return values[2];
    }

    double last() {
      return values[3];
    }
  }

  private void write(double... samples) {
    v.accept(row, row * DELTA, null, samples, 0, samples.length);
    row += samples.length;
  }

  private Dialogue.Subscribed subscribe(Peer peer, String id) throws Exception {
    Dialogue.subscribe(server, peer, id);
    return Dialogue.expectSubscribed(peer, id + "&domain", id);
  }

  private static Point expectPoint(Peer peer, Dialogue.Subscribed ids) throws Exception {
    ByteBuffer stamp = Dialogue.expectData(peer, ids.domainSigno());
    return Point.of(stamp, Dialogue.expectData(peer, ids.signo()));
  }

  @Test
  public void envelopeHasFirstLastAndExtremesOfEachStretch() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids = subscribe(peer, ENVELOPE);
    write(5, 6, 1, 7, 2, 9, 3, 4, 8, 6.5, /* next */ 1, 1);
    write(1, 1, 1, 1, 1, 1, 1, 1, /* next */ 2);
    Point point = expectPoint(peer, ids);
    assertEquals(0, point.stamp());
    assertEquals(0, point.row());
    assertEquals(10, point.count());
    assertEquals(9 * DELTA, point.lastTick());
    assertArrayEquals(new double[] {5, 1, 9, 6.5}, point.values(), 0);
    point = expectPoint(peer, ids);
    assertEquals(10 * DELTA, point.stamp());
    assertArrayEquals(new double[] {1, 1, 1, 1}, point.values(), 0);
    Dialogue.expectNothing(peer);
  }

  @Test
  public void envelopeOfRandomBlocksIsThatOfAllSamples() throws Exception {
    Random random = new Random(13);
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids = subscribe(peer, ENVELOPE);
    List<Double> all = new ArrayList<>();
    while (all.size() < 20_000) {
      double[] block = random.doubles(1 + random.nextInt(37)).toArray();
      block[random.nextInt(block.length)] = random.nextInt(50) == 0 ? Double.NaN : 1e6;
      for (double sample : block) {
        all.add(sample);
      }
      write(block);
    }
    long next = 0;
    while (next < all.size() - 20) {
      Point point = expectPoint(peer, ids);
      assertEquals("no sample is left out", next, point.row());
      next = point.row() + point.count();
      List<Double> part = all.subList((int) point.row(), (int) next);
      assertEquals(part.get(0), point.first(), 0);
      assertEquals(part.get(part.size() - 1), point.last(), 0);
      double[] numbers = part.stream().mapToDouble(d -> d).filter(d -> !Double.isNaN(d)).toArray();
      assertEquals(Arrays.stream(numbers).min().orElse(Double.NaN), point.min(), 0);
      assertEquals(Arrays.stream(numbers).max().orElse(Double.NaN), point.max(), 0);
      assertEquals(point.row() * DELTA, point.stamp());
      assertEquals((next - 1) * DELTA, point.lastTick());
    }
  }

  @Test
  public void pointDoesNotGoOverAHole() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids = subscribe(peer, ENVELOPE);
    write(1, 2);
    row += 3;
    write(4, 5, 6, 7, 8, 9);
    Point before = expectPoint(peer, ids);
    Point behind = expectPoint(peer, ids);
    assertEquals(2, before.count());
    assertEquals(5, behind.row());
    assertEquals(5 * DELTA, behind.stamp());
    assertEquals(5, behind.count());
  }

  @Test
  public void pointThatIsNotFullIsToldWhenNothingComes() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids = subscribe(peer, ENVELOPE);
    write(1, 2, 3);
    assertEquals(3, expectPoint(peer, ids).count());
  }

  @Test
  public void envelopeIsDescribedAsStructOfTheSignalsType() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.subscribe(server, peer, ENVELOPE);
    JsonNode domain =
        Dialogue.expectAcknowledged(peer, ENVELOPE + "&domain").params().path("definition");
    assertEquals("explicit", domain.path("rule").textValue());
    JsonNode definition = Dialogue.expectAcknowledged(peer, ENVELOPE).params().path("definition");
    assertEquals("struct", definition.path("dataType").textValue());
    assertEquals("real64", definition.path("struct").path(5).path("dataType").textValue());
    assertEquals("max", definition.path("struct").path(5).path("name").textValue());
  }

  @Test
  public void latestIsTheNewestSampleWithItsTime() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids = subscribe(peer, LATEST);
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
    Dialogue.Subscribed ids = subscribe(peer, id);
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
    Dialogue.Subscribed ids = subscribe(first, LATEST);
    write(42);
    Dialogue.expectData(first, ids.domainSigno());
    Dialogue.expectDoubles(first, ids.signo(), 42);
    Peer second = server.connect(FULL);
    ids = subscribe(second, LATEST);
    assertEquals(0, Dialogue.expectData(second, ids.domainSigno()).getLong());
    Dialogue.expectDoubles(second, ids.signo(), 42);
  }

  @Test
  public void derivedSignalIsMadeOnceAndEndsWithItsLastSubscriber() throws Exception {
    assertFalse(v.hasSubscriber());
    Peer first = server.connect(FULL);
    Dialogue.Subscribed one = subscribe(first, ENVELOPE);
    Peer second = server.connect(FULL);
    assertEquals("the same", one, subscribe(second, ENVELOPE));
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
    subscribe(server.connect(FULL), ENVELOPE);
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
      Dialogue.Subscribed ids = subscribe(peer, ENVELOPE);
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
    Dialogue.Subscribed envelope = subscribe(peer, ENVELOPE);
    String id = "v?contract=latest&perSecond=1";
    Dialogue.Subscribed latest = subscribe(peer, id);
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

  @Test
  public void rateMayChangeUnderAnEnvelope() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids = subscribe(peer, ENVELOPE);
    write(1, 2, 3);
    table.updateDomain(SignalDescriptor.linearTime("time", 5 * DELTA));
    v.accept(3, 40 * DELTA, null, new double[] {4, 5, 6, 7, 8}, 0, 5);
    assertEquals(3, expectPoint(peer, ids).count());
    Point point = expectPoint(peer, ids);
    assertEquals(40 * DELTA, point.stamp());
    assertEquals(2, point.count());
    assertEquals(45 * DELTA, point.lastTick());
  }

  @Test
  public void envelopeHasItsPointsInSecondsWhateverTheUnitOfTime() throws Exception {
    SignalDescriptor ms =
        SignalDescriptor.linearTime("ms", 1).toBuilder()
            .unit(new Unit(Unit.NONE.unitId(), "ms", "millisecond", "time"))
            .resolution(new Resolution(1, 1))
            .build();
    SignalTap m = TestServer.signal(server.sink().openTable(ms), "m");
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids = subscribe(peer, "m?contract=envelope&perSecond=100");
    m.accept(0, 0, null, new double[11], 0, 11);
    assertEquals(10, expectPoint(peer, ids).count());
  }

  @Test
  public void eventsHaveAnEnvelope() throws Exception {
    SignalTap e =
        TestServer.signal(server.sink().openTable(SignalDescriptor.explicitTime("at")), "e");
    Peer peer = server.connect(FULL);
    String id = "e?contract=envelope&perSecond=1000";
    Dialogue.Subscribed ids = subscribe(peer, id);
    long[] stamps = {100, 200, DELTA - 1, DELTA, DELTA, 5 * DELTA};
    e.accept(0, 0, stamps, new double[] {3, 1, 2, 7, 8, 9}, 0, stamps.length);
    Point point = expectPoint(peer, ids);
    assertEquals(100, point.stamp());
    assertEquals(DELTA - 1, point.lastTick());
    assertArrayEquals(new double[] {3, 1, 3, 2}, point.values(), 0);
    assertArrayEquals(new double[] {7, 7, 8, 8}, expectPoint(peer, ids).values(), 0);
  }

  private void flood(int blocks) {
    for (int i = 0; i < blocks; i++) {
      write(new double[BLOCK]);
      long turns = server.fanOut().turns();
      while (server.fanOut().turns() < turns + 2) {
        server.fanOut().onAppend();
        Thread.onSpinWait();
      }
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
      Dialogue.Subscribed ids = subscribe(peer, LATEST);
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
