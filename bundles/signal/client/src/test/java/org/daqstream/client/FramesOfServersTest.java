/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.testing.Await;
import org.junit.Test;

/**
 * Frames, messages and packets, in every form that a server may choose, and in some that none may.
 */
public class FramesOfServersTest {
  private static final int LIMIT_MS = 10_000;

  /** What a client of int32 signal {@code v}, row 0 at 100, hears of these bytes. */
  private static List<String> samples(int count, byte[] bytes) throws Exception {
    try (ScriptedServer server = new ScriptedServer(line -> serve(line, bytes));
        StreamingClient client = StreamingClient.at(server.address()).noReconnect().open()) {
      Received received = new Received();
      client.subscribe("v", SubscriptionOptions.DEFAULT.eachPacket(), received);
      return received.awaitSamples(count);
    }
  }

  private static void serve(ServerLine line, byte[] bytes) throws Exception {
    line.greet("1.2.0", "v");
    line.serveSubscribe("t", "v", "int32", 0);
    line.pair(1, 0, 100);
    line.send(bytes);
    line.untilLeft();
  }

  private static byte[] sample(int value) {
    return Packets.data(2, Packets.ints(value));
  }

  @Test
  public void manyPacketsInOneMessage() throws Exception { // cases 12, 87
    assertEquals(
        List.of("0: [1.0] at 100", "1: [2.0] at 1100", "2: [3.0] at 2100"),
        samples(3, Packets.binary(Packets.joined(sample(1), sample(2), sample(3)))));
  }

  @Test
  public void onePacketOverThreeMessages() throws Exception { // case 13
    byte[] packet = Packets.data(2, Packets.ints(1, 2, 3));
    byte[] bytes =
        Packets.joined(
            Packets.binary(Arrays.copyOfRange(packet, 0, 5)),
            Packets.binary(Arrays.copyOfRange(packet, 5, 9)),
            Packets.binary(Arrays.copyOfRange(packet, 9, packet.length)),
            Packets.binary(sample(4)));
    assertEquals(List.of("0: [1.0, 2.0, 3.0] at 100", "3: [4.0] at 3100"), samples(2, bytes));
  }

  @Test
  public void aMessageInFragmentsWithAPingBetween() throws Exception { // case 14
    int[] values = new int[500_000];
    Arrays.setAll(values, i -> i);
    byte[] packet = Packets.data(2, Packets.ints(values));
    byte[] bytes = new byte[0];
    for (int at = 0; at < packet.length; at += 65_536) {
      int end = Math.min(packet.length, at + 65_536);
      int first = (at == 0 ? FrameHeader.BINARY : 0) | (end == packet.length ? Packets.FIN : 0);
      bytes =
          Packets.joined(
              bytes,
              Packets.frame(first, Arrays.copyOfRange(packet, at, end)),
              Packets.frame(0x89, new byte[3]));
    }
    byte[] all = bytes;
    try (ScriptedServer server = new ScriptedServer(line -> serve(line, all));
        StreamingClient client = StreamingClient.at(server.address()).noReconnect().open()) {
      Received received = new Received();
      client.subscribe("v", SubscriptionOptions.DEFAULT.eachPacket(), received);
      received.awaitSamples(1);
      assertArrayEquals(values, (int[]) received.blocks().get(0).raw());
      assertEquals(List.of(), received.gaps());
    }
  }

  @Test
  public void aFrameLargerThanTheBufferAndMaskedOnes() throws Exception {
    int[] values = new int[1_000_000];
    Arrays.setAll(values, i -> i);
    byte[] large = Packets.binary(Packets.data(2, Packets.ints(values)));
    byte[] packet = sample(7);
    byte[] masked = Packets.joined(Packets.hex("82 88 01020304"), packet);
    for (int i = 0; i < packet.length; i++) {
      masked[6 + i] ^= (byte) (1 + i % 4);
    }
    byte[] all = Packets.joined(large, masked);
    try (ScriptedServer server = new ScriptedServer(line -> serve(line, all));
        StreamingClient client = StreamingClient.at(server.address()).noReconnect().open()) {
      Received received = new Received();
      client.subscribe("v", SubscriptionOptions.DEFAULT.direct(), received);
      Await.until("both blocks", () -> received.blocks().size() == 2);
      assertArrayEquals(values, (int[]) received.blocks().get(0).raw());
      assertArrayEquals(new int[] {7}, (int[]) received.blocks().get(1).raw());
    }
  }

  @Test
  public void whatIsNoPacketIsLeftOut() throws Exception {
    byte[] bytes =
        Packets.joined(
            Packets.frame(0x81, "text".getBytes(StandardCharsets.UTF_8)), // text
            Packets.binary(Packets.hex("0200")), // half a header
            Packets.binary(Packets.hex("02004000 01000000")), // type 0
            Packets.binary(Packets.hex("02004050 01000000")), // a reserved bit
            Packets.binary(Packets.hex("02000010 ffffffff 01")), // 4 GB
            Packets.binary(new byte[0]),
            Packets.binary(Packets.data(2, new byte[0])), // no sample
            Packets.binary(sample(1)));
    assertEquals(List.of("0: [1.0] at 100"), samples(1, bytes));
  }

  @Test
  public void metadataInJsonAndInWhatNobodyKnows() throws Exception { // case 42
    byte[] json =
        "{\"method\":\"signal\",\"params\":{\"valueIndex\":40}}".getBytes(StandardCharsets.UTF_8);
    byte[] inJson = Packets.data(2, Packets.joined(Packets.ints(1), json));
    inJson[3] = (byte) ((inJson[3] & 0xCF) | 0x20);
    byte[] unknown = Packets.data(2, Packets.joined(Packets.ints(9), json));
    unknown[3] = (byte) ((unknown[3] & 0xCF) | 0x20);
    byte[] bytes =
        Packets.joined(
            Packets.binary(sample(1)),
            Packets.binary(unknown),
            Packets.binary(sample(2)),
            Packets.binary(inJson),
            Packets.binary(sample(3)));
    assertEquals(
        List.of(
            "0: [1.0] at 100", "1: [2.0] at 1100", "ROWS 2-40 at 2100-40100", "40: [3.0] at 40100"),
        samples(4, bytes));
  }

  @Test
  public void metadataThatIsNone() throws Exception { // case 43
    byte[] bytes =
        Packets.joined(
            Packets.binary(Packets.hex("00004020 02000000")), // nothing
            Packets.binary(Packets.hex("00005020 02000000 82")), // cut off
            Packets.binary(Packets.hex("00005020 02000000 93")), // no map
            Packets.binary(Packets.hex("00001020 02")), // no encoding
            Packets.binary(Packets.metadata(0, "available", "null")),
            Packets.binary(Packets.metadata(2, "signal", "[1, 2]")),
            Packets.binary(Packets.metadata(2, "subscribe", "{signalId: 7}")),
            Packets.binary(Packets.metadata(0, "response", "7")),
            Packets.binary(Packets.metadata(0, "unheardOf", "{}")),
            Packets.binary(Packets.metadata(2, "unheardOf", "{}")),
            Packets.binary(sample(1)));
    assertEquals("0: [1.0] at 100", samples(1, bytes).get(0));
  }

  @Test
  public void whatIsNoWebSocketEndsTheConnection() throws Exception {
    for (String bytes :
        List.of(
            "c2 01 00", // an extension's bit
            "83 01 00", // a reserved opcode
            "00 01 00", // goes on with nothing
            "89 7e 0080", // a long ping
            "09 00", // a ping in parts
            "02 01 00 82 01 00", // a message in a message
            "82 ff ffffffffffffffff 00000000", // a negative length
            "82 7f 8000000000000000")) {
      try (ScriptedServer server =
              new ScriptedServer(
                  line -> {
                    line.greet("1.2.0");
                    line.send(Packets.hex(bytes));
                    ServerLine.Frame close = line.frame();
                    assertEquals(FrameHeader.CLOSE, close.opcode());
                    assertEquals(1002, close.payload().getShort());
                  });
          StreamingClient client = StreamingClient.at(server.address()).noReconnect().open()) {
        Await.until("the end after " + bytes, () -> client.failure().startsWith("the server sent"));
      }
    }
  }

  @Test
  public void hugeLengthsAreReadAsTheyCome() throws Exception {
    for (String length : List.of("4000000000000000", "7ffffffffffffffe", "7fffffffffffffff")) {
      byte[] bytes = Packets.joined(Packets.hex("82 7f" + length), sample(1), sample(2));
      assertEquals(List.of("0: [1.0] at 100", "1: [2.0] at 1100"), samples(2, bytes));
    }
  }

  @Test
  public void pingsAreAnsweredInOrderWithTheirBytes() throws Exception {
    CountDownLatch ponged = new CountDownLatch(1);
    byte[] payload = new byte[125];
    payload[124] = 7;
    try (Stage stage =
        new Stage(
            line -> {
              line.greet("1.2.0");
              line.send(Packets.frame(0x89, payload));
              ServerLine.Frame pong = line.frame();
              assertEquals(FrameHeader.PONG, pong.opcode());
              assertEquals(ByteBuffer.wrap(payload), pong.payload());
              ponged.countDown();
            })) {
      assertTrue(ponged.await(LIMIT_MS, TimeUnit.MILLISECONDS));
      assertEquals("", stage.client.failure());
    }
  }
}
