/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** Bytes of mDNS in both directions, also those that nobody should send. */
public class DnsMessageTest {
  private static final DnsName TYPE = DnsName.of("_streaming-lt._tcp.local");
  private static final DnsName INSTANCE = TYPE.prepend("ACME_4711");
  private static final DnsName HOST = DnsName.of("ACME_4711.local");

  private static final DnsMessage ANNOUNCEMENT =
      DnsMessage.response(
          List.of(
              new DnsRecord(TYPE, false, 4_500, new DnsRecord.Pointer(INSTANCE)),
              new DnsRecord(INSTANCE, true, 120, new DnsRecord.Location(7414, HOST)),
              new DnsRecord(
                  INSTANCE, true, 4_500, new DnsRecord.Text(List.of("caps=LT", "path=/"))),
              new DnsRecord(
                  HOST, true, 120, new DnsRecord.Address(FakeLink.address("192.168.1.9"))),
              new DnsRecord(HOST, true, 120, new DnsRecord.Address(FakeLink.address("fe80::1")))),
          List.of());

  /** Written by hand from RFC 1035 and RFC 6762. */
  private static final String ANNOUNCEMENT_HEX =
      """
      0000 8400 0000 0005 0000 0000
      0d 5f73747265616d696e672d6c74 04 5f746370 05 6c6f63616c 00
      000c 0001 00001194 000c 09 41434d455f34373131 c00c
      c030 0021 8001 00000078 0012 0000 0000 1cf6 09 41434d455f34373131 c01f
      c030 0010 8001 00001194 000f 07 636170733d4c54 06 706174683d2f
      c04e 0001 8001 00000078 0004 c0a80109
      c04e 001c 8001 00000078 0010 fe800000000000000000000000000001
      """;

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
  }

  private static DnsMessage read(byte[] bytes) throws ProtocolException {
    return DnsReader.read(ByteBuffer.wrap(bytes));
  }

  @Test
  public void announcementHasTheBytesOfTheStandard() {
    ByteBuffer buffer = ByteBuffer.allocate(DnsWriter.PACKET_BYTES);
    DnsWriter.write(ANNOUNCEMENT, buffer);
    byte[] written = Arrays.copyOf(buffer.array(), buffer.position());
    assertArrayEquals(HexFormat.of().formatHex(written), hex(ANNOUNCEMENT_HEX), written);
  }

  @Test
  public void bytesOfTheStandardAreRead() throws ProtocolException {
    assertEquals(ANNOUNCEMENT, read(hex(ANNOUNCEMENT_HEX)));
  }

  @Test
  public void caseOfNamesDoesNotCountAndDotsInLabelsDo() {
    assertEquals(DnsName.of("_Streaming-LT._TCP.local"), TYPE);
    assertEquals(2, HOST.labels().size());
    assertTrue(!new DnsName(List.of("a.b")).equals(DnsName.of("a.b")));
  }

  @Test
  public void labelIsCutBetweenCharactersAndKeepsItsSuffix() {
    assertEquals("ä".repeat(30) + "-2", DnsName.label("ä".repeat(40), "-2"));
    assertEquals("x".repeat(63), DnsName.label("x".repeat(64), ""));
  }

  @Test
  public void recordsOfOtherTypesAndClassesAreLeftOut() throws ProtocolException {
    DnsMessage message =
        read(
            hex(
                "0000 8400 0000 0003 0000 0000"
                    + "01 61 00 002f 8001 00000078 0004 c00c 0001" // NSEC
                    + "01 61 00 0001 0003 00000078 0004 01020304" // class chaos
                    + "01 61 00 0001 0001 00000078 0004 01020304"));
    assertEquals(1, message.answers().size());
  }

  @Test
  public void whatIsNoMessageIsRefused() {
    for (String bytes :
        List.of(
            "",
            "0000",
            "0000 8400 0000 ffff 0000 0000",
            "0000 2000 0000 0000 0000 0000", // another operation
            "0000 8400 0001 0000 0000 0000 c00c 000c 0001", // pointer to itself
            "0000 8400 0001 0000 0000 0000 01 61 c00c 000c 0001", // circle
            "0000 8400 0001 0000 0000 0000 c0ff 000c 0001", // pointer behind the end
            "0000 8400 0001 0000 0000 0000 " + ("3f" + "61".repeat(63)).repeat(5) + "00 000c 0001",
            "0000 8400 0001 0000 0000 0000 40 00 000c 0001", // label of 64
            "0000 8400 0000 0001 0000 0000 00 0010 0001 00000078 0003 05 6161", // text too long
            "0000 8400 0000 0001 0000 0000 00 0001 0001 00000078 0003 010203", // short address
            "0000 8400 0000 0001 0000 0000 00 0010 0001 00000078 ffff 00")) {
      assertThrows(bytes, ProtocolException.class, () -> read(hex(bytes)));
    }
  }

  /** Each to the one before: otherwise a packet of them costs as much as a hundred others. */
  @Test
  public void namesAreNotLongChainsOfPointers() throws ProtocolException {
    for (int pointers : List.of(127, 128)) {
      StringBuilder chain = new StringBuilder("00"); // the root, at 23 in an unknown record
      int target = 23;
      for (int i = 1; i < pointers; i++) {
        chain.append(String.format("%04x", 0xC000 | target));
        target = 22 + 2 * i;
      }
      String length = String.format("%04x", chain.length() / 2);
      String last = String.format("%04x", 0xC000 | target);
      byte[] message =
          hex(
              "0000 8400 0000 0002 0000 0000"
                  + " 00 00ff 0001 00000000 "
                  + length
                  + chain
                  + last
                  + "000c 0001 00000078 0001 00");
      if (pointers == 127) {
        assertEquals(1, read(message).answers().size());
      } else {
        assertThrows(ProtocolException.class, () -> read(message));
      }
    }
  }

  @Test
  public void everyBeginningOfAMessageIsRefused() {
    byte[] whole = hex(ANNOUNCEMENT_HEX);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThrows(ProtocolException.class, () -> read(part));
    }
  }

  /** Half a second, or {@code -Ddaqstream.fuzz.seconds}. */
  @Test
  public void randomChangesDoNoHarm() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long budgetMs = Math.max(500, 1_000 * Long.getLong("daqstream.fuzz.seconds", 0));
    byte[] whole = hex(ANNOUNCEMENT_HEX);
    long understood = 0;
    long rounds = 0;
    for (; System.nanoTime() - seed < TimeUnit.MILLISECONDS.toNanos(budgetMs); rounds++) {
      byte[] bytes = whole.clone();
      for (int changes = random.nextInt(8); changes >= 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        read(bytes);
        understood++;
      } catch (ProtocolException e) {
        // The only exception that may come.
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + rounds, e);
      }
    }
    assertTrue("understood: " + understood, understood > 0 && understood < rounds);
  }
}
