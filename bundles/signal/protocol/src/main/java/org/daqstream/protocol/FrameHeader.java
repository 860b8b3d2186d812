/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import java.nio.ByteBuffer;

/**
 * The header of a WebSocket frame that holds a whole message: FIN set, no extension bits, the
 * length in its shortest form, big endian whatever the target's byte order is (RFC 6455 section
 * 5.2). Servers send unmasked frames, clients masked ones. Safe for any thread; allocates nothing.
 */
public final class FrameHeader {
  /** Opcode of a further part of a message. */
  public static final int CONTINUATION = 0;

  /** Opcode of a text message. */
  public static final int TEXT = 1;

  /** Opcode of a binary message. */
  public static final int BINARY = 2;

  /** Opcode of the close handshake. */
  public static final int CLOSE = 8;

  /** Opcode of a ping. */
  public static final int PING = 9;

  /** Opcode of the answer to a ping. */
  public static final int PONG = 10;

  /** Bytes that a mask adds to a header. */
  public static final int MASK_BYTES = 4;

  private static final int FIN = 0x80;

  /** First byte of a frame that is a whole binary message. */
  public static final byte WHOLE_BINARY = (byte) (FIN | BINARY);

  private static final int MASKED = 0x80;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;

  private FrameHeader() {}

  /**
   * {@return the bytes of an unmasked header: 2, 4 or 10; a masked one has {@link #MASK_BYTES}
   * more}
   *
   * @param payloadBytes size of the payload, not negative
   */
  public static int bytes(long payloadBytes) {
    if (payloadBytes < LENGTH_16) {
      return 2;
    }
    return payloadBytes <= 0xFFFF ? 4 : 10;
  }

  /**
   * Writes the unmasked header of a binary message at the target's position and moves it behind.
   *
   * @param target buffer with room for {@link #bytes}
   * @param payloadBytes size of the payload, not negative
   */
  public static void putBinary(ByteBuffer target, long payloadBytes) {
    put(target, BINARY, payloadBytes);
  }

  /**
   * Writes an unmasked header at the target's position and moves it behind.
   *
   * @param target buffer with room for {@link #bytes}
   * @param opcode one of the constants of this class
   * @param payloadBytes size of the payload, not negative
   */
  public static void put(ByteBuffer target, int opcode, long payloadBytes) {
    putLength(target, opcode, payloadBytes, 0);
  }

  /**
   * Writes a masked header, as clients must send, at the target's position and moves it behind. The
   * payload then has to pass {@link #mask}.
   *
   * @param target buffer with room for {@link #bytes} + {@link #MASK_BYTES}
   * @param opcode one of the constants of this class
   * @param payloadBytes size of the payload, not negative
   * @param maskKey a fresh random number for every frame
   */
  public static void putMasked(ByteBuffer target, int opcode, long payloadBytes, int maskKey) {
    putLength(target, opcode, payloadBytes, MASKED);
    for (int i = 0; i < MASK_BYTES; i++) {
      target.put(maskByte(maskKey, i));
    }
  }

  /**
   * Writes a whole masked frame at the target's position and moves it behind.
   *
   * @param target buffer with room for {@link #bytes} + {@link #MASK_BYTES} and the payload
   * @param opcode one of the constants of this class
   * @param payload bytes from position to limit; neither they nor the position change
   * @param maskKey a fresh random number for every frame
   */
  public static void putMasked(ByteBuffer target, int opcode, ByteBuffer payload, int maskKey) {
    int length = payload.remaining();
    putMasked(target, opcode, length, maskKey);
    ByteBuffer masked = target.slice(target.position(), length);
    target.put(payload.duplicate());
    mask(masked, maskKey);
  }

  /**
   * Masks or unmasks the bytes between position and limit in place; neither of them moves.
   *
   * @param payload the whole payload of a frame
   * @param maskKey the key in the frame's header
   */
  public static void mask(ByteBuffer payload, int maskKey) {
    int start = payload.position();
    for (int i = start; i < payload.limit(); i++) {
      payload.put(i, (byte) (payload.get(i) ^ maskByte(maskKey, i - start)));
    }
  }

  private static byte maskByte(int maskKey, int index) {
    return (byte) (maskKey >>> (24 - 8 * (index & 3)));
  }

  private static void putLength(ByteBuffer target, int opcode, long payloadBytes, int masked) {
    if (opcode < 0 || opcode > 15 || payloadBytes < 0) {
      throw new IllegalArgumentException(
          "frame header: opcode " + opcode + ", payload " + payloadBytes + " B");
    }
    target.put((byte) (FIN | opcode));
    int headerBytes = bytes(payloadBytes);
    int lengthBytes = headerBytes == 2 ? 0 : headerBytes - 2;
    if (lengthBytes == 0) {
      target.put((byte) (masked | (int) payloadBytes));
      return;
    }
    target.put((byte) (masked | (lengthBytes == 2 ? LENGTH_16 : LENGTH_64)));
    for (int shift = 8 * (lengthBytes - 1); shift >= 0; shift -= 8) {
      target.put((byte) (payloadBytes >>> shift));
    }
  }
}
