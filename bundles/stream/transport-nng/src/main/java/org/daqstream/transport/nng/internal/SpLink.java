/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.daqstream.socket.support.PlainLink;

/** A connection with the greetings of SP for a handshake. */
final class SpLink extends PlainLink {

  private final int ownProtocol;
  private final int peersProtocol;
  private final ByteBuffer greeting = ByteBuffer.allocate(Greeting.BYTES);
  private boolean greeted;

  private SpLink(SocketChannel socket, int ownProtocol, int peersProtocol) {
    super(socket);
    this.ownProtocol = ownProtocol;
    this.peersProtocol = peersProtocol;
  }

  /** To a puller. */
  static SpLink pushing(SocketChannel socket) {
    return new SpLink(socket, Greeting.PUSH, Greeting.PULL);
  }

  /** From a pusher. */
  static SpLink pulling(SocketChannel socket) {
    return new SpLink(socket, Greeting.PULL, Greeting.PUSH);
  }

  /** Sends its own greeting, which a new connection always has room for, and reads the other. */
  @Override
  public boolean handshake() throws IOException {
    if (!greeted) {
      if (write(Greeting.of(ownProtocol)) < Greeting.BYTES) {
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
    Greeting.check(greeting, peersProtocol);
    return true;
  }
}
