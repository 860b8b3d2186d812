/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Rule;
import org.junit.Test;

/** WebSocket frames in both directions (protocol sections 1.2, 1.3, 1.6). */
public class FramingTest {
  @Rule public final TestServer server = new TestServer();
  private final TableTap table = server.table("time");
  private final SignalTap value = TestServer.signal(table, "v");

  @Test
  public void everyFrameIsWholeUnmaskedBinaryAndHoldsOnePacket() throws Exception {
    // case 15, rows 1, 2, 5: raw transcript from the greeting on
    SignalTap small =
        table.openSignal(
            SignalDescriptor.value("small", "uint8").build(), new PackedBytes("uint8", 1));
    try (Peer peer = new Peer(server.port())) {
      peer.upgrade("/");
      for (int i = 0; i < 3; i++) {
        checkedFrame(peer);
      }
    }
    try (Peer peer = Peer.connect(server.port())) {
      Dialogue.subscribe(server, peer, "v", "small");
      for (int i = 0; i < 6; i++) {
        checkedFrame(peer);
      }
      long row = 0;
      for (int packets = 0; packets < 1_000; row += 8_000) {
        int bytes = packets % 300 + 1;
        small.accept(row, row * TestServer.DELTA, null, new byte[bytes], 0, bytes);
        value.accept(
            row, row * TestServer.DELTA, null, new double[100 + packets], 0, packets + 100);
        packets += packets == 0 ? 3 : 2;
      }
      for (int packets = 0; packets < 1_000; packets++) {
        checkedFrame(peer);
      }
    }
  }

  private static ByteBuffer checkedFrame(Peer peer) throws Exception {
    Peer.Frame frame = peer.readFrame();
    assertEquals("FIN, no RSV bits, opcode 2", 0x82, frame.firstByte());
    assertEquals("unmasked", 0, frame.secondByte() & 0x80);
    ByteBuffer packet = frame.payload();
    int word = packet.getInt(0);
    assertEquals("reserved bits", 0, word >>> 30);
    int type = word >>> 28;
    assertTrue("type " + type, type == 1 || type == 2);
    int size = word >>> 20 & 0xFF;
    int payloadBytes = packet.remaining() - (size == 0 ? 8 : 4);
    assertEquals("one packet fills the message", payloadBytes, size == 0 ? packet.getInt(4) : size);
    assertTrue("long form from 256 on, nothing empty", size > 0 || payloadBytes > 255);
    return packet;
  }

  @Test
  public void greetingHasTheBytesOfTheReference() throws Exception { // section 1.4, worked packet
    try (Peer peer = new Peer(server.port())) {
      peer.upgrade("/");
      Peer.Frame frame = peer.readFrame();
      assertEquals(0x31, frame.secondByte());
      assertArrayEquals(
          Hex.bytes(
              "00 00 d0 22 02 00 00 00 82 a6 6d 65 74 68 6f 64 aa 61 70 69 56 65 72 73 69 6f 6e"
                  + "a6 70 61 72 61 6d 73 81 a7 76 65 72 73 69 6f 6e a5 31 2e 32 2e 30"),
          frame.payload().array());
    }
  }

  @Test
  public void unmaskedFramesAreTaken() throws Exception { // case 16, row 2
    try (Peer peer = Peer.connect(server.port(), Dialogue.WS_STREAMING)) {
      peer.send(0x82, subscribeRequest(peer), false);
      Dialogue.expectSubscribed(peer, "time", "v");
      Dialogue.expectResponse(peer, 1);
      peer.send(0x80 | FrameHeader.PING, new byte[0], false);
      assertEquals(FrameHeader.PONG, peer.readFrame().opcode());
    }
  }

  @Test
  public void maskedFramesAreTaken() throws Exception { // case 17, row 2
    try (Peer peer = Peer.connect(server.port())) {
      peer.send(0x82, subscribeRequest(peer), true);
      Dialogue.expectSubscribed(peer, "time", "v");
      Dialogue.expectResponse(peer, 1);
    }
  }

  private static byte[] subscribeRequest(Peer peer) {
    return MetadataCodec.packet(
        0, CommandRequest.of(1, peer.sessionId, "subscribe", List.of("v")).toMetadata());
  }

  @Test
  public void textIsIgnoredAndTheNextBinaryWorks() throws Exception { // case 18
    try (Peer peer = Peer.connect(server.port())) {
      peer.send(0x81, subscribeRequest(peer), true);
      peer.send(0x81, "{\"method\":\"request\"}".getBytes(StandardCharsets.UTF_8), true);
      Dialogue.expectNothing(peer);
      peer.send(0x82, subscribeRequest(peer), true);
      Dialogue.expectSubscribed(peer, "time", "v");
    }
  }

  @Test
  public void pingIsAnsweredWithItsPayload() throws Exception { // case 19, row 4
    byte[] payload = new byte[125];
    for (int i = 0; i < payload.length; i++) {
      payload[i] = (byte) i;
    }
    try (Peer peer = Peer.connect(server.port())) {
      for (boolean masked : new boolean[] {true, false}) {
        peer.send(0x80 | FrameHeader.PING, payload, masked);
        Peer.Frame pong = peer.readFrame();
        assertEquals(0x80 | FrameHeader.PONG, pong.firstByte());
        assertEquals(125, pong.secondByte());
        assertArrayEquals(payload, pong.payload().array());
      }
    }
  }

  @Test
  public void pingWithTooMuchIsAnError() throws Exception { // case 20
    expectClose(1002, 0x80 | FrameHeader.PING, new byte[126]);
  }

  @Test
  public void fragmentedControlFrameIsAnError() throws Exception { // case 20
    expectClose(1002, FrameHeader.PING, new byte[3]);
  }

  @Test
  public void reservedOpcodesAndBitsAreErrors() throws Exception { // case 21
    expectClose(1002, 0x83, new byte[3]);
    expectClose(1002, 0x8B, new byte[3]);
    expectClose(1002, 0xC2, new byte[3]);
    expectClose(1002, 0xA2, new byte[3]);
    expectClose(1002, 0x92, new byte[3]);
  }

  private void expectClose(int code, int firstByte, byte[] payload) throws Exception {
    try (Peer other = Dialogue.subscriber(server, "time", "v");
        Peer peer = Dialogue.subscriber(server, "time", "v")) {
      peer.send(firstByte, payload, true);
      assertEquals(code, Dialogue.closeCode(peer));
      Dialogue.expectNothing(other);
    }
  }

  @Test
  public void closeIsAnsweredAndEverythingReleased() throws Exception { // case 22
    try (Peer peer = Dialogue.subscriber(server, "time", "v")) {
      assertTrue(value.hasSubscriber());
      peer.send(0x80 | FrameHeader.CLOSE, new byte[] {0x03, (byte) 0xE8}, true);
      Peer.Frame answer = peer.readFrame();
      assertEquals(0x80 | FrameHeader.CLOSE, answer.firstByte());
      assertEquals(1000, answer.closeCode());
      assertEquals("", peer.readToEnd());
      Await.until("released", () -> !value.hasSubscriber());
      Await.until("gone", () -> server.statistics().count(ServerEvent.DISCONNECTED) == 1);
    }
  }

  @Test
  public void closeWithoutCodeIsAnswered() throws Exception { // case 22, as stock peers do it
    try (Peer peer = Dialogue.subscriber(server, "time", "v")) {
      peer.send(0x80 | FrameHeader.CLOSE, new byte[0], false);
      assertEquals(FrameHeader.CLOSE, peer.readFrame().opcode());
      Await.until("released", () -> !value.hasSubscriber());
    }
  }

  @Test
  public void resetInTheMiddleOfAFrameReleasesEverything() throws Exception { // case 23
    Peer peer = Dialogue.subscriber(server, "time", "v");
    peer.write(new byte[] {(byte) 0x82, (byte) 0xFE, 4});
    peer.socket.setSoLinger(true, 0);
    peer.close();
    Await.until("released", () -> !value.hasSubscriber());
    Await.until("gone", () -> server.statistics().count(ServerEvent.DISCONNECTED) == 1);
  }

  @Test
  public void nonMinimalLengthsDoNotHarm() throws Exception { // case 24: taken as they are
    try (Peer peer = Peer.connect(server.port())) {
      peer.write(Hex.bytes("82 fe 00 05 00 00 00 00 01 02 03 04 05"));
      peer.write(Hex.bytes("82 ff 00 00 00 00 00 00 00 05 00 00 00 00 01 02 03 04 05"));
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void largeFrameIsRefused() throws Exception { // case 25
    try (TestServer small = new TestServer("messageBytes", 2_000);
        Peer peer = Peer.connect(small.port())) {
      peer.send(0x82, new byte[2_001], true);
      assertEquals(1009, Dialogue.closeCode(peer));
    }
  }

  @Test
  public void largeMessageOfManyFramesIsRefused() throws Exception { // case 25
    try (TestServer small = new TestServer("messageBytes", 2_000);
        Peer peer = Peer.connect(small.port())) {
      peer.send(FrameHeader.BINARY, new byte[1_500], true);
      peer.send(0x80, new byte[1_500], true);
      assertEquals(1009, Dialogue.closeCode(peer));
    }
  }

  @Test
  public void messageOfManyFramesIsPutTogether() throws Exception { // row 36
    try (Peer peer = Peer.connect(server.port())) {
      byte[] packet = subscribeRequest(peer);
      peer.send(FrameHeader.BINARY, Arrays.copyOf(packet, 5), true);
      peer.send(0, Arrays.copyOfRange(packet, 5, 9), true);
      peer.send(0x80, Arrays.copyOfRange(packet, 9, packet.length), true);
      Dialogue.expectSubscribed(peer, "time", "v");
    }
  }

  @Test
  public void severalPacketsInOneMessageAreAllCarriedOut() throws Exception { // row 36
    TestServer.signal(table, "w");
    try (Peer peer = Peer.connect(server.port())) {
      ByteBuffer message = ByteBuffer.allocate(1_000);
      message.put(subscribeRequest(peer));
      message.put(
          MetadataCodec.packet(
              0, CommandRequest.of(2, peer.sessionId, "subscribe", List.of("w")).toMetadata()));
      peer.send(0x82, Arrays.copyOf(message.array(), message.position()), true);
      Dialogue.expectSubscribed(peer, "time", "v");
      Dialogue.expectResponse(peer, 1);
      Dialogue.expectAcknowledged(peer, "w");
      Dialogue.expectResponse(peer, 2);
    }
  }

  @Test
  public void oddPacketsAreIgnored() throws Exception {
    // row 36 and cases 7 to 11 on the server's side, 42, 43, 46
    JsonNodeFactory json = JsonNodeFactory.instance;
    byte[] unknownMethod = MetadataCodec.packet(0, new Metadata("teleport", json.objectNode()));
    byte[] unknownSignalMethod = MetadataCodec.packet(5, new Metadata("wobble", json.objectNode()));
    byte[][] odd = {
      unknownMethod,
      unknownSignalMethod,
      {},
      {1, 2},
      Hex.bytes("00 00 00 a0 08 00 00 00 01 02 03 04 05 06 07 08"), // reserved bit
      Hex.bytes("00 00 80 00 01 02 03 04 05 06 07 08"), // type 0
      Hex.bytes("00 00 80 30 01 02 03 04 05 06 07 08"), // type 3
      Hex.bytes("00 00 00 20 ff ff ff ff 02 00 00 00"), // 4 GiB announced
      Hex.bytes("00 00 00 20 00 10 00 00 02 00 00 00"), // cut off
      Hex.bytes("00 00 20 20 02 00"), // no room for the encoding
      Hex.bytes("00 00 50 20 09 00 00 00 80"), // encoding 9
      Hex.bytes("00 00 50 20 02 00 00 00 c0"), // root is no map
      Hex.bytes("00 00 60 20 02 00 00 00 82 a6"), // truncated
      Hex.bytes("05 00 80 10 01 02 03 04 05 06 07 08"), // data
    };
    try (Peer peer = Peer.connect(server.port())) {
      for (byte[] packet : odd) {
        peer.send(0x82, packet, true);
      }
      Dialogue.expectNothing(peer);
      peer.send(0x82, subscribeRequest(peer), true);
      Dialogue.expectSubscribed(peer, "time", "v");
    }
  }

  @Test
  public void deepAndHugeMessagePackIsIgnored() throws Exception { // case 45
    ByteBuffer deep = ByteBuffer.allocate(11_000).order(ByteOrder.LITTLE_ENDIAN);
    deep.putInt(2 << 28).putInt(0).putInt(2).put(Hex.bytes("82 a6 6d 65 74 68 6f 64 a7"));
    deep.put(Hex.bytes("72 65 71 75 65 73 74 a6 70 61 72 61 6d 73"));
    for (int i = 0; i < 10_000; i++) {
      deep.put((byte) 0x91);
    }
    deep.put((byte) 0xC0).putInt(4, deep.position() - 8);
    try (Peer peer = Peer.connect(server.port())) {
      peer.send(0x82, Arrays.copyOf(deep.array(), deep.position()), true);
      peer.send(
          0x82,
          Hex.bytes(
              "00 00 30 22 02 00 00 00 82 a6 6d 65 74 68 6f 64 a7 72 65 71 75 65 73 74"
                  + "a6 70 61 72 61 6d 73 dd ff ff ff ff"),
          true);
      Dialogue.expectNothing(peer);
    }
  }
}
