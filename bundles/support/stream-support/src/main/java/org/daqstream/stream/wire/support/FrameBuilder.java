/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.wire.support;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Makes a short frame. */
public final class FrameBuilder {
  private static final int LENGTH_BYTES = Integer.BYTES;

  private ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);

  /** Begins one of a type of {@link Wire}. */
  public FrameBuilder(int type) {
    bytes.putInt(0).put((byte) type);
  }

  private ByteBuffer room(int count) {
    if (bytes.remaining() < count) {
      byte[] larger = Arrays.copyOf(bytes.array(), 2 * (bytes.position() + count));
      bytes = ByteBuffer.wrap(larger).order(ByteOrder.LITTLE_ENDIAN).position(bytes.position());
    }
    return bytes;
  }

  public FrameBuilder u8(int value) {
    room(Byte.BYTES).put((byte) value);
    return this;
  }

  public FrameBuilder u16(int value) {
    room(Short.BYTES).putShort((short) value);
    return this;
  }

  public FrameBuilder u32(long value) {
    room(Integer.BYTES).putInt((int) value);
    return this;
  }

  public FrameBuilder u64(long value) {
    room(Long.BYTES).putLong(value);
    return this;
  }

  /** A text; of a longer one than {@link Wire#TEXT_BYTES} the beginning. */
  public FrameBuilder text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(encoded.length, Wire.TEXT_BYTES);
    while (length < encoded.length && (encoded[length] & 0xC0) == 0x80) {
      length--; // not within a character
    }
    u16(length).room(length).put(encoded, 0, length);
    return this;
  }

  /** Bytes so far, with length and type. */
  public int size() {
    return bytes.position();
  }

  /** The frame, ready to be sent. */
  public ByteBuffer done() {
    return bytes.putInt(0, bytes.position() - LENGTH_BYTES).flip();
  }
}
