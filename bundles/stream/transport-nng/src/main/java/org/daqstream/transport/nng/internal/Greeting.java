/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.net.ProtocolException;
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

  /** The other side has greeted, with another protocol number than expected. */
  static final class OtherProtocolException extends ProtocolException {
    private static final long serialVersionUID = 1;

    OtherProtocolException(int protocol, int expected) {
      super(String.format("peer speaks SP protocol 0x%02x, not 0x%02x", protocol, expected));
    }
  }

  /** Refuses the other side's greeting unless it is one, of the protocol expected. */
  static void check(ByteBuffer bytes, int expected) throws ProtocolException {
    if (bytes.getInt(0) != MAGIC || bytes.getShort(6) != 0) {
      throw new ProtocolException(String.format("no SP greeting: 0x%016x", bytes.getLong(0)));
    }
    int protocol = Short.toUnsignedInt(bytes.getShort(4));
    if (protocol != expected) {
      throw new OtherProtocolException(protocol, expected);
    }
  }
}
