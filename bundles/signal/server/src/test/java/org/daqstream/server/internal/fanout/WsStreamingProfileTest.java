/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.PackedBytes;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;
import org.junit.Rule;
import org.junit.Test;

/** What the stock C++ client gets, known by its User-Agent (protocol sections 1.8 and 4 row 3). */
public class WsStreamingProfileTest {
  private static final int LIMIT_BYTES = 2_000;

  @Rule public final TestServer server = new TestServer();
  private final TableTap table = server.table("time"); // signal number 1
  private final Peer peer = server.connect(Dialogue.WS_STREAMING);

  /** Subscribes in-band with unmasked frames, as that client does. */
  private void subscribe(String signalId) throws Exception {
    assertEquals(signalId, peer.next("available").params().at("/signalIds/0").textValue());
    Dialogue.request(peer, 1, "subscribe", signalId);
    Dialogue.expectSubscribed(peer, "time", signalId);
    Dialogue.expectResponse(peer, 1);
  }

  private ByteBuffer expectSmallPacket(int sampleBytes) throws Exception {
    Peer.Frame frame = peer.readFrame();
    assertEquals(0x82, frame.firstByte());
    ByteBuffer packet = frame.payload();
    assertTrue(packet.remaining() + " B", packet.remaining() <= LIMIT_BYTES);
    int word = packet.getInt();
    assertEquals(2, word & 0xFFFFF);
    int size = word >>> 20 & 0xFF;
    assertEquals(size == 0 ? packet.getInt() : size, packet.remaining());
    assertEquals("whole samples", 0, packet.remaining() % sampleBytes);
    return packet;
  }

  @Test
  public void twoMebibytesAreSplitIntoSmallPackets() throws Exception { // case 26, row 3
    SignalTap signal = TestServer.signal(table, "v");
    subscribe("v");
    double[] values = new double[(2 << 20) / Double.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    for (int block = 0; block < 2; block++) { // the second one is not the first of a subscriber
      long row = (long) block * values.length;
      assertEquals(
          WriteResult.ACCEPTED, signal.accept(row, row * DELTA, null, values, 0, values.length));
      if (block == 0) {
        Dialogue.expectLine(peer, 1, 0, 0);
      }
      for (int next = 0; next < values.length; ) {
        ByteBuffer samples = expectSmallPacket(Double.BYTES);
        while (samples.hasRemaining()) {
          assertEquals(next++, samples.getDouble(), 0);
        }
      }
    }
    Dialogue.expectNothing(peer);
  }

  @Test
  public void oddSampleSizesAreSplitOnWholeSamples() throws Exception { // case 26, row 3
    SignalTap signal =
        table.openSignal(
            SignalDescriptor.value("v", "struct")
                .members(
                    List.of(
                        new StructMember("a", "real64"),
                        new StructMember("b", "int32"),
                        new StructMember("c", "int8")))
                .build(),
            new PackedBytes("struct", 13));
    subscribe("v");
    byte[] samples = new byte[13 * 20_000];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) ((i * 31) >> 3);
    }
    signal.accept(0, 0, null, samples, 0, 20_000);
    Dialogue.expectLine(peer, 1, 0, 0);
    ByteBuffer all = ByteBuffer.allocate(samples.length);
    while (all.hasRemaining()) {
      all.put(expectSmallPacket(13));
    }
    assertEquals(ByteBuffer.wrap(samples), all.flip());
  }

  @Test
  public void smallBlocksLeaveAsTheyAre() throws Exception { // row 3
    SignalTap signal = TestServer.signal(table, "v");
    subscribe("v");
    for (int count : new int[] {1, 31, 32, 240, 249}) {
      signal.accept(0, 0, null, new double[count], 0, count);
    }
    Dialogue.expectLine(peer, 1, 0, 0);
    assertEquals(8, expectSmallPacket(8).remaining());
    for (int count : new int[] {31, 32, 240, 249}) {
      Dialogue.expectValueIndex(peer, 2, 0);
      assertEquals(count * 8L, expectSmallPacket(8).remaining());
    }
  }

  @Test
  public void otherClientOfTheSameBlockGetsItWhole() throws Exception { // row 3, case 82
    SignalTap signal = TestServer.signal(table, "v");
    subscribe("v");
    try (Peer other = Dialogue.subscriber(server, "time", "v")) {
      signal.accept(0, 0, null, new double[8_000], 0, 8_000);
      Dialogue.expectLine(other, 1, 0, 0);
      assertEquals(64_000, Dialogue.expectData(other, 2).remaining());
      Dialogue.expectLine(peer, 1, 0, 0);
      for (int bytes = 0; bytes < 64_000; ) {
        bytes += expectSmallPacket(Double.BYTES).remaining();
      }
    }
  }

  /** One whose writer breaks its word: what it says are numbers are samples of any length. */
  private SignalTap faulty(TableTap on, boolean replayLast) {
    return on.openSignal(
        SignalDescriptor.value("b", "binary").replayLast(replayLast).build(),
        new PackedBytes("real64", SignalWriter.VARIABLE));
  }

  private static byte[][] sample(int bytes) {
    return new byte[][] {new byte[bytes]};
  }

  private void expectCutOff(int bytes) throws Exception {
    Peer.Frame close = peer.readFrame();
    assertEquals(1009, close.closeCode());
    ByteBuffer reason = close.payload();
    reason.position(2);
    assertEquals(
        "a sample of " + bytes + " B, at most 1992 B for this client: signal b",
        StandardCharsets.UTF_8.decode(reason).toString());
    assertEquals(1, server.statistics().count(ServerEvent.SAMPLE_TOO_LARGE));
  }

  /** Neither to those who come nor to those who are connected. */
  private void expectOfferedToNobody(Peer connected) throws Exception {
    Dialogue.request(connected, 2, "subscribe", "b");
    Dialogue.expectSignalIds(connected, "unavailable", "b");
    assertEquals("[false]", Dialogue.expectResponse(connected, 2).path("result").toString());
    try (Peer again = new Peer(server.port())) {
      again.upgrade("/", Dialogue.WS_STREAMING);
      again.next("apiVersion");
      again.next("init");
      List<String> offered = Dialogue.strings(again.next("available").params().path("signalIds"));
      assertFalse(offered.toString(), offered.contains("b"));
    }
  }

  @Test
  public void clientIsDisconnectedBeforeASampleThatItDoesNotSurvive() throws Exception {
    // Section 1.8: a sample is one packet, and its size turns out only now.
    SignalTap signal = faulty(table, false);
    subscribe("b");
    try (Peer other = Dialogue.subscriber(server, "time", "b", "User-Agent: daqstream/0.1");
        Peer connected = Peer.connect(server.port(), Dialogue.WS_STREAMING)) {
      signal.accept(0, 0, null, sample(1_992), 0, 1);
      Dialogue.expectLine(peer, 1, 0, 0);
      assertEquals(1_992, expectSmallPacket(1).remaining());
      assertEquals(WriteResult.ACCEPTED, signal.accept(1, DELTA, null, sample(1_993), 0, 1));
      expectCutOff(1_993);
      expectOfferedToNobody(connected);
      assertEquals(WriteResult.ACCEPTED, signal.accept(2, 2 * DELTA, null, sample(5), 0, 1));
      Dialogue.expectLine(other, 1, 0, 0);
      for (int bytes : new int[] {1_992, 1_993, 5}) {
        assertEquals(bytes, Dialogue.expectData(other, 2).remaining());
      }
    }
  }

  @Test
  public void largeEventAndItsStampAreBothKeptBack() throws Exception { // section 1.8, case 67
    TableTap events = server.sink().openTable(SignalDescriptor.explicitTime("at"));
    SignalTap signal = faulty(events, false);
    String offered = "";
    while (!offered.contains("\"b\"")) {
      offered = peer.next("available").params().toString();
    }
    Dialogue.subscribe(server, peer, "b");
    Dialogue.expectSubscribed(peer, "at", "b");
    signal.accept(0, 7, new long[] {7}, sample(60_000), 0, 1);
    expectCutOff(60_000);
  }

  @Test
  public void largeLastSampleIsNotReplayed() throws Exception { // section 1.8
    SignalTap signal = faulty(table, true);
    signal.accept(0, 0, null, sample(2_000), 0, 1);
    Dialogue.expectSignalIds(peer, "available", "b");
    try (Peer connected = Peer.connect(server.port(), Dialogue.WS_STREAMING)) {
      Dialogue.request(peer, 1, "subscribe", "b");
      Dialogue.expectSubscribed(peer, "time", "b");
      Dialogue.expectLine(peer, 1, 0, 0);
      Dialogue.expectResponse(peer, 1);
      expectCutOff(2_000);
      expectOfferedToNobody(connected);
    }
  }

  @Test
  public void binarySignalIsNotOffered() throws Exception { // section 3.3
    table.openSignal(
        SignalDescriptor.value("bytes", "binary").build(),
        new PackedBytes("binary", SignalWriter.VARIABLE));
    TestServer.signal(table, "v");
    subscribe("v"); // the first one offered
    Dialogue.request(peer, 2, "subscribe", "bytes");
    assertEquals("[false]", peer.next("response").params().path("result").toString());
  }

  @Test
  public void signalWhoseSamplesCannotBeSplitIsNotOffered() throws Exception { // section 1.8
    table.openSignal(
        SignalDescriptor.value("large", "real64")
            .dimensions(List.of(new Dimension.Linear("x", 0, 1, 250, Unit.NONE)))
            .build(),
        new PackedBytes("real64", 2_000));
    TestServer.signal(table, "v");
    subscribe("v"); // the first one offered
    Dialogue.request(peer, 2, "subscribe", "large");
    assertEquals("[false]", peer.next("response").params().path("result").toString());
  }
}
