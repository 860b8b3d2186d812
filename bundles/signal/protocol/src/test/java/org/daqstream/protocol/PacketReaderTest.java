/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.Test;

public class PacketReaderTest {
  private static final String A = "01 00 20 10 aa aa";
  private static final String B = "02 00 10 10 bb";
  private static final String C = "00 00 40 20 cc cc cc cc";
  private static final String GOT_A = "1/1:aaaa";
  private static final String GOT_B = "2/1:bb";
  private static final String GOT_C = "0/2:cccccccc";

  private final List<String> got = new ArrayList<>();
  private final PacketReader reader =
      new PacketReader(
          Limits.DEFAULT,
          (signo, type, payload) -> {
            assertEquals(ByteOrder.LITTLE_ENDIAN, payload.order());
            byte[] bytes = new byte[payload.remaining()];
            payload.get(bytes);
            got.add(signo + "/" + type + ":" + Bytes.hex(bytes));
          });

  private void client(String... messages) {
    for (String message : messages) {
      reader.read(Bytes.buffer(message), true);
    }
  }

  private void server(String message) {
    reader.readMessage(Bytes.buffer(message));
  }

  private void assertGot(String... expected) {
    assertEquals(List.of(expected), got);
  }

  @Test
  public void longFormOfAShortPayloadIsAccepted() { // case 5
    client("01 00 00 10 0a 00 00 00 00 01 02 03 04 05 06 07 08 09");
    server("01 00 00 10 0a 00 00 00 00 01 02 03 04 05 06 07 08 09");
    assertGot("1/1:00010203040506070809", "1/1:00010203040506070809");
  }

  @Test
  public void longFormOfLengthZeroIsAnEmptyPacket() { // case 6
    client("01 00 00 10 00 00 00 00", B);
    server("01 00 00 10 00 00 00 00");
    assertGot("1/1:", GOT_B, "1/1:");
    assertEquals(0, reader.truncatedPackets());
  }

  @Test
  public void reservedBitsMakeAPacketIgnored() { // case 7
    client("01 00 20 90 aa aa", B);
    server("01 00 20 50 aa aa");
    assertGot(GOT_B);
    assertEquals(2, reader.unknownPackets());
  }

  @Test
  public void unknownTypesAreIgnored() { // case 8
    client("01 00 20 00 aa aa", A, "01 00 20 30 aa aa" + B);
    assertGot(GOT_A, GOT_B);
    assertEquals(2, reader.unknownPackets());
  }

  @Test
  public void unknownTypeLargerThanItsMessageIsDroppedToTheNextOne() { // case 8
    client("01 00 f0 30 aa aa", A);
    server("01 00 f0 30 aa aa");
    assertGot(GOT_A);
    assertEquals(2, reader.unknownPackets());
  }

  @Test
  public void truncatedHeaderIsIgnoredByAServer() { // case 9
    server("01 00");
    server(A);
    assertGot(GOT_A);
    assertEquals(1, reader.truncatedPackets());
  }

  @Test
  public void truncatedHeaderIsGivenUpByAClientWhenAFreshPacketComes() { // case 9
    client("01 00", A, B);
    assertGot(GOT_A, GOT_B);
    assertEquals(1, reader.truncatedPackets());
  }

  @Test
  public void clientWaitsForTheRestServerDoesNot() { // case 10
    client("01 00 40 10 00 01", "02 03");
    assertGot("1/1:00010203");
    server("01 00 40 10 00 01");
    server(A);
    assertGot("1/1:00010203", GOT_A);
    assertEquals(1, reader.truncatedPackets());
  }

  @Test
  public void hugeDeclaredLengthIsRefusedWithoutAllocation() { // case 11
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    client("01 00 00 10 ff ff ff ff 00 00");
    client("01 00 00 10", "ff ff ff 0f 00 00");
    server("01 00 00 10 01 00 00 01");
    // Within the limit, but far more than what has arrived.
    client("01 00 00 10 00 00 ff 00 00 00");
    assertTrue(thread.getCurrentThreadAllocatedBytes() - before < 1 << 20);
    client(A);
    assertGot(GOT_A);
    assertEquals(3, reader.oversizePackets());
  }

  @Test
  public void largestPacketWithinTheLimitIsDelivered() {
    List<Integer> sizes = new ArrayList<>();
    PacketReader small =
        new PacketReader(
            new Limits(300, 100, 8, 100, 100), (signo, type, p) -> sizes.add(p.remaining()));
    small.readMessage(packet(300));
    small.readMessage(packet(301));
    assertEquals(List.of(300), sizes);
    assertEquals(1, small.oversizePackets());
  }

  private static ByteBuffer packet(int payloadBytes) {
    ByteBuffer packet = ByteBuffer.allocate(PacketHeader.bytes(payloadBytes) + payloadBytes);
    PacketHeader.put(packet, 1, PacketHeader.DATA, payloadBytes);
    while (packet.hasRemaining()) {
      packet.put((byte) packet.position());
    }
    return packet.flip();
  }

  @Test
  public void severalPacketsInOneMessage() { // cases 12, 87
    client(A + B + C);
    server(A + B + C);
    assertGot(GOT_A, GOT_B, GOT_C, GOT_A, GOT_B, GOT_C);
  }

  @Test
  public void onePacketOverThreeMessages() { // case 13
    client("01 00 60 10 00 01", "02 03", "04 05" + B);
    assertGot("1/1:000102030405", GOT_B);
    assertEquals(0, reader.truncatedPackets());
  }

  @Test
  public void everySplitOfALongPacketAndAShortOneIsPutTogether() { // case 13
    ByteBuffer stream = ByteBuffer.allocate(1000);
    stream.put(packet(300)).put(packet(7)).put(packet(1)).flip();
    for (int first = 1; first < stream.limit(); first++) {
      for (int second = first; second < stream.limit(); second += 13) {
        PacketReader each = new PacketReader(Limits.DEFAULT, (signo, type, p) -> {});
        each.read(stream.slice(0, first), true);
        each.read(stream.slice(first, second - first), false);
        each.read(stream.slice(second, stream.limit() - second), false);
        assertEquals(first + "," + second, 3, each.packets());
        assertEquals(0, each.truncatedPackets() + each.unknownPackets());
      }
    }
  }

  @Test
  public void fragmentsOfOneMessageAreOnePacket() { // case 14
    ByteBuffer message = packet(200_000);
    byte[] expected = new byte[200_000];
    message.get(PacketHeader.LONG_BYTES, expected);
    List<byte[]> payloads = new ArrayList<>();
    PacketReader each =
        new PacketReader(
            Limits.DEFAULT,
            (signo, type, p) -> {
              byte[] bytes = new byte[p.remaining()];
              p.get(bytes);
              payloads.add(bytes);
            });
    for (int at = 0; at < message.limit(); at += 65_536) {
      each.read(message.slice(at, Math.min(65_536, message.limit() - at)), at == 0);
    }
    assertEquals(1, payloads.size());
    assertTrue(Arrays.equals(expected, payloads.get(0)));
  }

  @Test
  public void bareHeaderOfAnEmptyPacketDoesNotSwallowTheNextMessage() {
    // Protocol section 1.3: some peers send size 0 without the length word.
    client("01 00 00 10", A, B);
    assertGot(GOT_A, GOT_B);
    assertEquals(1, reader.truncatedPackets());
  }

  @Test
  public void bareHeaderFollowedByItsLengthInTheNextMessageIsUnderstood() {
    client("01 00 00 10", "02 00 00 00 aa", "aa" + B);
    assertGot(GOT_A, GOT_B);
    assertEquals(0, reader.truncatedPackets());
  }

  @Test
  public void payloadThatLooksLikeAHeaderFollowsItsHeaderInTheNextMessage() { // case 13
    client("01 00 40 10", "01 00 20 10", B);
    assertGot("1/1:01002010", GOT_B);
    assertEquals(0, reader.truncatedPackets());
  }

  @Test
  public void cutOffPacketIsGivenUpWhenAMessageIsAChainOfWholePackets() {
    client("01 00 f0 1f aa aa", A + C, B);
    assertGot(GOT_A, GOT_C, GOT_B);
    assertEquals(1, reader.truncatedPackets());
  }

  @Test
  public void payloadIsNotChangedAndPartIsConsumed() {
    ByteBuffer part = Bytes.buffer("ff" + A + "ff").position(1).limit(7);
    reader.read(part, true);
    assertGot(GOT_A);
    assertEquals(7, part.position());
  }
}
