/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.Test;

public class PacketHeaderTest {
  private static String header(int signo, int type, int payloadBytes) {
    ByteBuffer target = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    PacketHeader.put(target, signo, type, payloadBytes);
    assertEquals(PacketHeader.bytes(payloadBytes), target.position());
    return Bytes.written(target);
  }

  @Test
  public void smallPayloadHasShortHeader() { // case 1
    assertEquals(Bytes.plain("01 00 10 10"), header(1, PacketHeader.DATA, 1));
  }

  @Test
  public void longestShortFormHolds255Bytes() { // case 2
    assertEquals(Bytes.plain("01 00 f0 1f"), header(1, PacketHeader.DATA, 255));
  }

  @Test
  public void lengthWordIsNeededFrom256Bytes() { // case 3
    assertEquals(Bytes.plain("01 00 00 10  00 01 00 00"), header(1, PacketHeader.DATA, 256));
  }

  @Test
  public void greatestSigno() { // case 4
    assertEquals(
        Bytes.plain("ff ff 0f 10 2c 01 00 00"),
        header(PacketHeader.SIGNO_MAX, PacketHeader.DATA, 300));
  }

  @Test
  public void emptyPayloadHasTheSafeLongForm() {
    assertEquals(Bytes.plain("01 00 00 10 00 00 00 00"), header(1, PacketHeader.DATA, 0));
  }

  @Test
  public void metadataHeaders() {
    assertEquals(Bytes.plain("00 00 d0 22"), header(0, PacketHeader.METADATA, 45));
    assertEquals(Bytes.plain("01 00 00 20 82 01 00 00"), header(1, PacketHeader.METADATA, 0x182));
  }

  @Test
  public void bigEndianBuffersAreWrittenLittleEndian() { // case 81
    ByteBuffer target = ByteBuffer.allocate(24).order(ByteOrder.BIG_ENDIAN);
    PacketHeader.put(target, 1, PacketHeader.DATA, 256);
    DomainPair.put(target, 1, 2);
    assertEquals(
        Bytes.plain("01 00 00 10 00 01 00 00 | 01 00 00 00 00 00 00 00 | 02 00 00 00 00 00 00 00"),
        Bytes.written(target));
    assertEquals(ByteOrder.BIG_ENDIAN, target.order());
  }

  @Test
  public void refusesWhatDoesNotFit() {
    ByteBuffer target = ByteBuffer.allocate(16);
    assertThrows(
        IllegalArgumentException.class,
        () -> PacketHeader.put(target, PacketHeader.SIGNO_MAX + 1, PacketHeader.DATA, 1));
    assertThrows(
        IllegalArgumentException.class, () -> PacketHeader.put(target, -1, PacketHeader.DATA, 1));
    assertThrows(IllegalArgumentException.class, () -> PacketHeader.put(target, 1, 4, 1));
    assertThrows(
        IllegalArgumentException.class, () -> PacketHeader.put(target, 1, PacketHeader.DATA, -1));
    assertEquals(0, target.position());
  }
}
