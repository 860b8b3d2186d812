/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;
import org.junit.Test;

/** Constants and what a new subscriber gets of the past (protocol section 3.5). */
public class ConstantAndReplayTest {
  private static final String LT = "User-Agent: Boost.Beast/345 stream-client";
  private static final String FULL = "User-Agent: daqstream/0.1";

  @org.junit.Rule public final TestServer server = new TestServer();
  private final TableTap table = server.table("time"); // signal number 1
  private final SignalTap constant = openConstant(table, "k"); // signal number 2
  private final SignalTap kept =
      table.openSignal(
          SignalDescriptor.value("v", "real64").replayLast(true).build(), new Doubles());

  private static SignalTap openConstant(TableTap table, String signalId) {
    return table.openSignal(
        SignalDescriptor.value(signalId, "int32").rule(Rule.CONSTANT).build(),
        new PackedBytes("int32", 4));
  }

  private static void write(SignalTap signal, long row, String samples) {
    byte[] bytes = Hex.bytes(samples);
    signal.accept(row, row * DELTA, null, bytes, 0, bytes.length / 4);
  }

  private static void expectFrame(Peer peer, String packet) throws Exception {
    assertEquals(ByteBuffer.wrap(Hex.bytes(packet)), peer.readFrame().payload());
  }

  @Test
  public void constantsCarryTheirRow() throws Exception { // case 72, row 25, section 3.5
    try (Peer peer = Dialogue.subscriber(server, "time", "k", LT)) {
      write(constant, 0, "07 00 00 00");
      write(constant, 100, "ff ff ff ff");
      Dialogue.expectLine(peer, 1, 0, 0);
      expectFrame(peer, "02 00 c0 10 00 00 00 00 00 00 00 00 07 00 00 00");
      expectFrame(peer, "02 00 c0 10 64 00 00 00 00 00 00 00 ff ff ff ff");
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void constantsAreSamplesWithHolesForTheStockClient() throws Exception { // row 25
    try (Peer peer = Peer.connect(server.port(), Dialogue.WS_STREAMING)) {
      Dialogue.subscribe(server, peer, "k");
      Dialogue.expectAcknowledged(peer, "time");
      Peer.Packet told = Dialogue.expectAcknowledged(peer, "k");
      assertEquals("explicit", told.params().at("/definition/rule").textValue());
      assertEquals(3, told.params().at("/interpretation/rule/type").intValue());
      write(constant, 0, "07 00 00 00 08 00 00 00");
      write(constant, 100, "ff ff ff ff");
      write(constant, 101, "fe ff ff ff");
      Dialogue.expectLine(peer, 1, 0, 0);
      expectFrame(peer, "02 00 40 10 07 00 00 00");
      expectFrame(peer, "02 00 40 10 08 00 00 00");
      Dialogue.expectValueIndex(peer, 2, 100);
      expectFrame(peer, "02 00 40 10 ff ff ff ff");
      expectFrame(peer, "02 00 40 10 fe ff ff ff");
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void replayedConstantAndThoseBehindItHaveTheirRowsForTheStockClient() throws Exception {
    write(constant, 40, "07 00 00 00");
    try (Peer peer = Peer.connect(server.port(), Dialogue.WS_STREAMING)) {
      Dialogue.subscribe(server, peer, "k");
      assertEquals(40, Dialogue.expectSubscribed(peer, "time", "k").valueIndex());
      Dialogue.expectLine(peer, 1, 40, 40 * DELTA);
      expectFrame(peer, "02 00 40 10 07 00 00 00");
      write(constant, 60, "08 00 00 00");
      Dialogue.expectLine(peer, 1, 60, 60 * DELTA);
      Dialogue.expectValueIndex(peer, 2, 60);
      expectFrame(peer, "02 00 40 10 08 00 00 00");
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void severalConstantsOfABlockHaveTheirRows() throws Exception { // case 72
    try (Peer peer = Dialogue.subscriber(server, "time", "k", LT)) {
      write(constant, 5, "07 00 00 00 08 00 00 00");
      Dialogue.expectLine(peer, 1, 5, 5 * DELTA);
      expectFrame(peer, "02 00 c0 10 05 00 00 00 00 00 00 00 07 00 00 00");
      expectFrame(peer, "02 00 c0 10 06 00 00 00 00 00 00 00 08 00 00 00");
    }
  }

  @Test
  public void constantIsReplayedToANewSubscriber() throws Exception { // section 2.6
    write(constant, 40, "07 00 00 00");
    try (Peer lt = Peer.connect(server.port(), LT);
        Peer stock = Peer.connect(server.port(), Dialogue.WS_STREAMING)) {
      Dialogue.subscribe(server, lt, "k");
      assertEquals(40, Dialogue.expectSubscribed(lt, "time", "k").valueIndex());
      Dialogue.expectLine(lt, 1, 40, 40 * DELTA);
      expectFrame(lt, "02 00 c0 10 28 00 00 00 00 00 00 00 07 00 00 00");
      Dialogue.subscribe(server, stock, "k");
      Dialogue.expectSubscribed(stock, "time", "k");
      Dialogue.expectLine(stock, 1, 40, 40 * DELTA);
      expectFrame(stock, "02 00 40 10 07 00 00 00");
      Dialogue.expectNothing(lt);
      Dialogue.expectNothing(stock);
    }
  }

  @Test
  public void constantOfEventsFollowsItsStamp() throws Exception { // cases 67, 72
    TableTap events = server.sink().openTable(SignalDescriptor.explicitTime("at"));
    SignalTap event = openConstant(events, "e");
    event.accept(0, 500, new long[] {500}, Hex.bytes("07 00 00 00"), 0, 1);
    try (Peer peer = Dialogue.subscriber(server, "at", "e", FULL)) {
      event.accept(1, 600, new long[] {600}, Hex.bytes("08 00 00 00"), 0, 1);
      expectFrame(peer, "04 00 80 10 f4 01 00 00 00 00 00 00");
      expectFrame(peer, "05 00 c0 10 00 00 00 00 00 00 00 00 07 00 00 00");
      expectFrame(peer, "04 00 80 10 58 02 00 00 00 00 00 00");
      expectFrame(peer, "05 00 c0 10 01 00 00 00 00 00 00 00 08 00 00 00");
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void stockClientsAreToldConstantsOfEventsAsExplicit() throws Exception { // row 25
    TableTap events = server.sink().openTable(SignalDescriptor.explicitTime("at"));
    SignalTap event = openConstant(events, "e");
    event.accept(0, 500, new long[] {500}, Hex.bytes("07 00 00 00"), 0, 1);
    try (Peer lt = Peer.connect(server.port(), LT);
        Peer stock = Peer.connect(server.port(), Dialogue.WS_STREAMING)) {
      for (Peer peer : List.of(lt, stock)) {
        Dialogue.subscribe(server, peer, "e");
        Dialogue.expectAcknowledged(peer, "at");
        JsonNode told = Dialogue.expectAcknowledged(peer, "e").params();
        assertEquals("explicit", told.at("/definition/rule").textValue());
        assertEquals(3, told.at("/interpretation/rule/type").intValue());
      }
      event.accept(1, 600, new long[] {600, 600}, Hex.bytes("08 00 00 00 ff ff ff ff"), 0, 2);
      for (Peer peer : List.of(lt, stock)) {
        expectFrame(peer, "04 00 80 10 f4 01 00 00 00 00 00 00");
        expectFrame(peer, "05 00 40 10 07 00 00 00");
        expectFrame(peer, "04 00 80 10 58 02 00 00 00 00 00 00");
        expectFrame(peer, "05 00 40 10 08 00 00 00");
        expectFrame(peer, "04 00 80 10 58 02 00 00 00 00 00 00");
        expectFrame(peer, "05 00 40 10 ff ff ff ff");
        Dialogue.expectNothing(peer);
      }
    }
  }

  @Test
  public void lastSampleIsReplayedWithItsRowAndTime() throws Exception { // replayLast, case 64
    assertEquals(
        WriteResult.NO_SUBSCRIBER, kept.accept(10, 10 * DELTA, null, new double[] {1, 2, 3}, 0, 3));
    expectReplayOfRowTwelve();
  }

  private void expectReplayOfRowTwelve() throws Exception {
    try (Peer peer = Peer.connect(server.port())) {
      Dialogue.subscribe(server, peer, "v");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "time", "v");
      assertEquals(12, ids.valueIndex());
      Dialogue.expectLine(peer, 1, 12, 12 * DELTA);
      Dialogue.expectDoubles(peer, ids.signo(), 3);
      Dialogue.expectNothing(peer);
      kept.accept(13, 13 * DELTA, null, new double[] {4}, 0, 1);
      Dialogue.expectLine(peer, 1, 13, 13 * DELTA);
      Dialogue.expectDoubles(peer, ids.signo(), 4);
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void nothingIsReplayedBeforeTheFirstSample() throws Exception { // replayLast
    try (Peer peer = Dialogue.subscriber(server, "time", "v")) {
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void lastEventIsReplayedWithItsStamp() throws Exception { // replayLast, case 67
    TableTap events = server.sink().openTable(SignalDescriptor.explicitTime("at"));
    SignalTap event =
        events.openSignal(
            SignalDescriptor.value("e", "real64").replayLast(true).build(), new Doubles());
    event.accept(0, 500, new long[] {500, 700}, new double[] {1, 2}, 0, 2);
    try (Peer peer = Peer.connect(server.port())) {
      Dialogue.subscribe(server, peer, "e");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "at", "e");
      assertEquals(700, Dialogue.expectData(peer, ids.domainSigno()).getLong());
      Dialogue.expectDoubles(peer, ids.signo(), 2);
    }
  }

  private static ByteBuffer encoded(double value) {
    return ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).flip();
  }

  @Test
  public void sampleFromBeforeTheServerIsReplayedOnce() throws Exception { // replayLast
    kept.replay(12, 12 * DELTA, encoded(3));
    expectReplayOfRowTwelve();
  }

  @Test
  public void eventFromBeforeTheServerIsReplayedWithItsStamp() throws Exception { // replayLast
    TableTap events = server.sink().openTable(SignalDescriptor.explicitTime("at"));
    SignalTap event =
        events.openSignal(
            SignalDescriptor.value("e", "real64").replayLast(true).build(), new Doubles());
    event.replay(5, 700, encoded(2));
    try (Peer peer = Peer.connect(server.port())) {
      Dialogue.subscribe(server, peer, "e");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "at", "e");
      assertEquals(700, Dialogue.expectData(peer, ids.domainSigno()).getLong());
      Dialogue.expectDoubles(peer, ids.signo(), 2);
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void whoSubscribedBeforeTheSampleCameGetsItToo() throws Exception { // replayLast
    try (Peer peer = Peer.connect(server.port())) {
      Dialogue.subscribe(server, peer, "v");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "time", "v");
      kept.replay(12, 12 * DELTA, encoded(3));
      Dialogue.expectValueIndex(peer, ids.signo(), 12);
      Dialogue.expectLine(peer, 1, 12, 12 * DELTA);
      Dialogue.expectDoubles(peer, ids.signo(), 3);
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void sampleFromBeforeTheServerIsNotSentBehindANewerOne() throws Exception { // replayLast
    try (Peer early = Peer.connect(server.port());
        Peer late = Peer.connect(server.port())) {
      Dialogue.subscribe(server, early, "v");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(early, "time", "v");
      kept.accept(13, 13 * DELTA, null, new double[] {4}, 0, 1);
      kept.replay(12, 12 * DELTA, encoded(3)); // it came meanwhile
      Dialogue.subscribe(server, late, "v");
      Dialogue.expectSubscribed(late, "time", "v");
      Dialogue.expectLine(late, 1, 13, 13 * DELTA);
      Dialogue.expectDoubles(late, ids.signo(), 4);
      Dialogue.expectNothing(late);
      Dialogue.expectLine(early, 1, 13, 13 * DELTA);
      Dialogue.expectValueIndex(early, ids.signo(), 13);
      Dialogue.expectDoubles(early, ids.signo(), 4);
      Dialogue.expectNothing(early);
    }
  }

  @Test
  public void sampleOfAnotherUnitIsNotReplayed() throws Exception { // replayLast
    kept.accept(10, 10 * DELTA, null, new double[] {1}, 0, 1);
    kept.update(
        SignalDescriptor.value("v", "real64").unit(Unit.VOLT).replayLast(true).build(),
        new Doubles());
    try (Peer peer = Dialogue.subscriber(server, "time", "v")) {
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void secondSubscribeReplaysNothing() throws Exception { // case 49
    write(constant, 40, "07 00 00 00");
    try (Peer peer = Dialogue.subscriber(server, "time", "k", LT)) {
      Dialogue.expectLine(peer, 1, 40, 40 * DELTA);
      Dialogue.expectData(peer, 2);
      Dialogue.subscribe(server, peer, "k");
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void subscriberThatComesDuringTheWriteIsNotMissed() throws Exception {
    try (Peer peer = Peer.connect(server.port(), LT)) {
      SignalWriter writer =
          new DelegatingWriter(new PackedBytes("int32", 4)) {
            private boolean subscribed;

            @Override
            public void encode(Object samples, int offset, int count, ByteBuffer target) {
              if (!subscribed) { // the publisher has looked for subscribers already
                subscribed = true;
                subscribe(peer, "k2");
              }
              super.encode(samples, offset, count, target);
            }
          };
      SignalTap signal =
          table.openSignal(
              SignalDescriptor.value("k2", "int32").rule(Rule.CONSTANT).build(), writer);
      Dialogue.expectSignalIds(peer, "available", "k2");
      write(signal, 3, "07 00 00 00");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "time", "k2");
      Dialogue.expectLine(peer, 1, 3, 3 * DELTA);
      ByteBuffer payload = Dialogue.expectData(peer, ids.signo());
      assertEquals(3, payload.getLong());
      assertEquals(7, payload.getInt());
      Dialogue.expectNothing(peer);
    }
  }

  private void subscribe(Peer peer, String signalId) {
    try {
      Dialogue.subscribe(server, peer, signalId);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  public void valueWrittenWhileSomebodySubscribesIsNotMissed() throws Exception {
    // Its last value is replayed or comes by the log, whatever the publisher does meanwhile.
    try (Peer peer = Peer.connect(server.port(), LT)) {
      for (int round = 0; round < 300; round++) {
        int first = 20 * round;
        int newest = first + 19;
        Thread publisher = new Thread(() -> writeCounter(first, newest));
        publisher.start();
        Dialogue.request(peer, 1, "subscribe", "k");
        publisher.join();
        Dialogue.request(peer, 2, "subscribe");
        assertEquals("round " + round, newest, lastConstantBeforeResponse(peer, 2));
        Dialogue.request(peer, 3, "unsubscribe", "k");
        lastConstantBeforeResponse(peer, 3);
      }
    }
  }

  private void writeCounter(int first, int newest) {
    for (int i = first; i <= newest; i++) {
      byte[] value = {(byte) i, (byte) (i >> 8), 0, 0};
      constant.accept(i, i * DELTA, null, value, 0, 1);
    }
  }

  private static int lastConstantBeforeResponse(Peer peer, int id) throws Exception {
    int last = -1;
    while (true) {
      Peer.Packet packet = peer.read();
      if (packet.signo() == 2 && packet.payload() != null) {
        last = packet.payload().getInt(8);
      } else if (packet.method().equals("response")
          && packet.params().path("id").intValue() == id) {
        return last;
      }
    }
  }
}
