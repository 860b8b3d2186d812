/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.daqstream.socket.support.PlainLink;

/**
 * A connection with the greetings of SP for a handshake, the eight bytes both sides send first:
 * NUL, S, P, version 0, the protocol number, reserved 0. Neither side waits for the other's before
 * it sends its own; a pusher sends nothing more before the other's came.
 */
final class SpLink extends PlainLink {
  private static final int PUSH = 0x50;
  private static final int PULL = 0x51;
  private static final int GREETING_BYTES = 8;
  private static final int MAGIC = 0x00535000;

  private final int ownProtocol;
  private final int peersProtocol;
  private final ByteBuffer greeting = ByteBuffer.allocate(GREETING_BYTES);
  private boolean greeted;

  /** The other side has greeted, with another protocol number than expected. */
  static final class OtherProtocolException extends ProtocolException {
    private static final long serialVersionUID = 1;

    OtherProtocolException(int protocol, int expected) {
      super(String.format("peer speaks SP protocol 0x%02x, not 0x%02x", protocol, expected));
    }
  }

  private SpLink(SocketChannel socket, int ownProtocol, int peersProtocol) {
    super(socket);
    this.ownProtocol = ownProtocol;
    this.peersProtocol = peersProtocol;
  }

  /** To a puller. */
  static SpLink pushing(SocketChannel socket) {
    return new SpLink(socket, PUSH, PULL);
  }

  /** From a pusher. */
  static SpLink pulling(SocketChannel socket) {
    return new SpLink(socket, PULL, PUSH);
  }

  /** Sends its own greeting, which a new connection always has room for, and reads the other. */
  @Override
  public boolean handshake() throws IOException {
    if (!greeted) {
      ByteBuffer own = ByteBuffer.allocate(GREETING_BYTES);
      own.putInt(MAGIC).putShort((short) ownProtocol).putShort((short) 0);
      if (write(own.flip()) < GREETING_BYTES) {
        throw new IOException("greeting not sent");
      }
      greeted = true;
    }
    if (read(greeting) < 0) {
      throw new IOException("closed before its greeting");
    }
    if (greeting.hasRemaining()) {
      return false;
    }
    check();
    return true;
  }

  private void check() throws ProtocolException {
    if (greeting.getInt(0) != MAGIC || greeting.getShort(6) != 0) {
      throw new ProtocolException(String.format("no SP greeting: 0x%016x", greeting.getLong(0)));
    }
    int protocol = Short.toUnsignedInt(greeting.getShort(4));
    if (protocol != peersProtocol) {
      throw new OtherProtocolException(protocol, peersProtocol);
    }
  }
}
