/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.nio.ByteBuffer;

/**
 * The eight bytes both sides send first: NUL, S, P, version 0, the protocol number, reserved 0.
 * Neither side waits for the other's before it sends its own; a pusher sends nothing more before
 * the other's came.
 */
final class Greeting {

  static final int BYTES = 8;

  /** Number of a pusher. */
  static final int PUSH = 0x50;

  /** Number of a puller. */
  static final int PULL = 0x51;

  private static final int MAGIC = 0x00535000;

  private Greeting() {}

  /** A new buffer with the greeting of a side. */
  static ByteBuffer of(int protocol) {
    return ByteBuffer.allocate(BYTES)
        .putInt(MAGIC)
        .putShort((short) protocol)
        .putShort((short) 0)
        .flip();
  }

  /** Whether these eight bytes are a greeting, whatever the protocol number. */
  static boolean isValid(ByteBuffer bytes) {
    return bytes.getInt(0) == MAGIC && bytes.getShort(6) == 0;
  }

  /** The protocol number of a greeting. */
  static int protocol(ByteBuffer bytes) {
    return Short.toUnsignedInt(bytes.getShort(4));
  }

  /** What is wrong with the other side's greeting, or null when nothing is. */
  static String problem(ByteBuffer bytes, int expected) {
    if (!isValid(bytes)) {
      return String.format("no SP greeting: 0x%016x", bytes.getLong(0));
    }
    if (protocol(bytes) != expected) {
      return String.format("peer speaks SP protocol 0x%02x, not 0x%02x", protocol(bytes), expected);
    }
    return null;
  }
}
