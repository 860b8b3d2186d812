/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The header of a streaming packet (protocol section 1.3): a little-endian word with signal number,
 * payload size and packet type, followed by a length word when the size does not fit into 8 bits or
 * is zero. Safe for any thread; allocates nothing.
 */
public final class PacketHeader {
  /** Packet type of sample data. */
  public static final int DATA = 1;

  /** Packet type of metadata. */
  public static final int METADATA = 2;

  /** The greatest signal number; 0 is the session itself, signals start at 1. */
  public static final int SIGNO_MAX = 0xFFFFF;

  /** Bytes of the short header, for payloads of 1 to 255 bytes. */
  public static final int SHORT_BYTES = 4;

  /** Bytes of the long header. */
  public static final int LONG_BYTES = 8;

  private static final int SHORT_PAYLOAD_MAX_BYTES = 0xFF;

  private PacketHeader() {}

  /**
   * {@return the bytes of the header in front of a payload: 4 for one of 1 to 255 bytes, else 8 (a
   * size of 0 in the short form would announce a length word)}
   *
   * @param payloadBytes size of the payload, not negative
   */
  public static int bytes(int payloadBytes) {
    return payloadBytes >= 1 && payloadBytes <= SHORT_PAYLOAD_MAX_BYTES ? SHORT_BYTES : LONG_BYTES;
  }

  /**
   * Writes a header at the target's position and moves it behind the header; the byte order of the
   * target does not matter.
   *
   * @param target buffer with room for {@link #bytes}
   * @param signo signal number, 0 to {@link #SIGNO_MAX}
   * @param type {@link #DATA} or {@link #METADATA}
   * @param payloadBytes size of the payload that follows, not negative
   * @throws IllegalArgumentException when a value does not fit its field
   */
  public static void put(ByteBuffer target, int signo, int type, int payloadBytes) {
    if (signo < 0 || signo > SIGNO_MAX || type < 0 || type > 3 || payloadBytes < 0) {
      throw new IllegalArgumentException(
          "packet header: signo " + signo + ", type " + type + ", payload " + payloadBytes + " B");
    }
    if (bytes(payloadBytes) == SHORT_BYTES) {
      putWord(target, type << 28 | payloadBytes << 20 | signo);
    } else {
      putWord(target, type << 28 | signo);
      putWord(target, payloadBytes);
    }
  }

  static int signo(int word) {
    return word & SIGNO_MAX;
  }

  /**
   * Type including the reserved bits, so that a header with any of them set is of no known type.
   */
  static int typeAndReserved(int word) {
    return word >>> 28;
  }

  /** Payload size, 0 when a length word follows. */
  static int size(int word) {
    return word >>> 20 & SHORT_PAYLOAD_MAX_BYTES;
  }

  static boolean isKnown(int word) {
    int type = typeAndReserved(word);
    return type == DATA || type == METADATA;
  }

  private static void putWord(ByteBuffer target, int word) {
    target.putInt(target.order() == ByteOrder.LITTLE_ENDIAN ? word : Integer.reverseBytes(word));
  }
}
