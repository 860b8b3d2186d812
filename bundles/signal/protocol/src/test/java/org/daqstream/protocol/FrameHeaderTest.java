/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.Test;

public class FrameHeaderTest {
  private static String binary(long payloadBytes) {
    // The order of the buffer must not matter.
    ByteBuffer target = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    FrameHeader.putBinary(target, payloadBytes);
    assertEquals(FrameHeader.bytes(payloadBytes), target.position());
    return Bytes.written(target);
  }

  @Test
  public void lengthsTakeTheirShortestForm() {
    assertEquals("8200", binary(0));
    assertEquals("8231", binary(49));
    assertEquals("827d", binary(125));
    assertEquals("827e007e", binary(126));
    assertEquals("827effff", binary(65_535));
    assertEquals("827f0000000000010000", binary(65_536));
    assertEquals("827f0000000100000000", binary(1L << 32));
  }

  @Test
  public void controlFramesHaveTheirOpcode() {
    ByteBuffer target = ByteBuffer.allocate(16);
    FrameHeader.put(target, FrameHeader.CLOSE, 2);
    FrameHeader.put(target, FrameHeader.PONG, 0);
    assertEquals("88028a00", Bytes.written(target));
  }

  @Test
  public void maskedRequestStartsAsCaptured() {
    // Protocol section 2.5.
    byte[] payload = Bytes.of("00 00 b0 24 02 00 00 00");
    ByteBuffer frame = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    FrameHeader.putMasked(frame, FrameHeader.BINARY, 79, 0x37fa213d);
    assertEquals(FrameHeader.bytes(79) + FrameHeader.MASK_BYTES, frame.position());
    FrameHeader.mask(ByteBuffer.wrap(payload), 0x37fa213d);
    frame.put(payload);
    assertEquals(Bytes.plain("82 cf 37 fa 21 3d 37 fa 91 19 35 fa 21 3d"), Bytes.written(frame));
  }

  @Test
  public void wholeFrameIsMaskedAndItsPayloadStays() {
    byte[] payload = Bytes.of("ff 00 00 b0 24 ff");
    ByteBuffer part = ByteBuffer.wrap(payload, 1, 4).asReadOnlyBuffer();
    ByteBuffer frame = ByteBuffer.allocate(32);
    FrameHeader.putMasked(frame, FrameHeader.BINARY, part, 0x37fa213d);
    assertEquals(Bytes.plain("82 84 37 fa 21 3d 37 fa 91 19"), Bytes.written(frame));
    assertEquals(4, part.remaining());
  }

  @Test
  public void maskingTwiceGivesThePayloadBack() {
    byte[] payload = Bytes.of("00 01 02 03 04 05 06");
    ByteBuffer part = ByteBuffer.wrap(payload, 2, 5);
    FrameHeader.mask(part, 0x8000ff01);
    assertEquals(Bytes.plain("00 01 82 03 fb 04 86"), Bytes.hex(payload));
    FrameHeader.mask(part, 0x8000ff01);
    assertArrayEquals(Bytes.of("00 01 02 03 04 05 06"), payload);
    assertEquals(2, part.position());
  }

  @Test
  public void refusesWhatIsNoFrame() {
    ByteBuffer target = ByteBuffer.allocate(16);
    assertThrows(IllegalArgumentException.class, () -> FrameHeader.put(target, 16, 0));
    assertThrows(IllegalArgumentException.class, () -> FrameHeader.putBinary(target, -1));
  }
}
