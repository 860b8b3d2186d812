/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.wire.support;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What is in a frame, taken from front to back. */
public final class FrameBody {
  private ByteBuffer bytes;

  FrameBody() {}

  void set(ByteBuffer body) {
    bytes = body.order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer need(int count) throws FrameException {
    if (bytes.remaining() < count) {
      throw new FrameException("a frame is too short");
    }
    return bytes;
  }

  public int u8() throws FrameException {
    return need(Byte.BYTES).get() & 0xFF;
  }

  public int u16() throws FrameException {
    return need(Short.BYTES).getShort() & 0xFFFF;
  }

  public int i32() throws FrameException {
    return need(Integer.BYTES).getInt();
  }

  public long u32() throws FrameException {
    return i32() & 0xFFFF_FFFFL;
  }

  /**
   * A number of 64 bits.
   *
   * @throws FrameException when it has the highest one, too: nobody counts so far
   */
  public long u64() throws FrameException {
    long value = need(Long.BYTES).getLong();
    if (value < 0) {
      throw new FrameException("a number is too large");
    }
    return value;
  }

  /** Any 64 bits. */
  public long bits() throws FrameException {
    return need(Long.BYTES).getLong();
  }

  public String text() throws FrameException {
    int length = u16();
    ByteBuffer encoded = need(length).slice(bytes.position(), length);
    bytes.position(bytes.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(encoded).toString();
    } catch (CharacterCodingException e) {
      throw new FrameException("a text is not UTF-8");
    }
  }

  /** All that is left; valid until the next frame is read. */
  public ByteBuffer rest() {
    return bytes;
  }

  /** Makes sure that nothing is left. */
  public void end() throws FrameException {
    if (bytes.hasRemaining()) {
      throw new FrameException("a frame is too long");
    }
  }
}
