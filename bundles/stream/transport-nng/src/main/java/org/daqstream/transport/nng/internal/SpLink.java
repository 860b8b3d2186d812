/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.daqstream.socket.support.Endpoint;
import org.daqstream.socket.support.SocketLink;

/**
 * A connection with the greetings of SP for a handshake, the eight bytes both sides send first:
 * NUL, S, P, version 0, the protocol number, reserved 0. Neither side waits for the other's before
 * it sends its own; a pusher sends nothing more before the other's came.
 */
final class SpLink implements SocketLink {
  private static final int PUSH = 0x50;
  private static final int PULL = 0x51;
  private static final int GREETING_BYTES = 8;
  private static final int MAGIC = 0x00535000;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final int ownProtocol;
  private final int peersProtocol;
  private final SocketLink below;
  private final ByteBuffer greeting = ByteBuffer.allocate(GREETING_BYTES);
  private boolean secured;
  private boolean greeted;

  /** What came behind the greeting in a record of TLS, which is read as a whole. */
  private ByteBuffer early = NOTHING;

  /** The other side has greeted, with another protocol number than expected. */
  static final class OtherProtocolException extends ProtocolException {
    private static final long serialVersionUID = 1;

    OtherProtocolException(int protocol, int expected) {
      super(String.format("peer speaks SP protocol 0x%02x, not 0x%02x", protocol, expected));
    }
  }

  private SpLink(SocketLink below, int ownProtocol, int peersProtocol) {
    this.below = below;
    this.ownProtocol = ownProtocol;
    this.peersProtocol = peersProtocol;
  }

  /** To a puller. */
  static SocketLink.Factory pushing(SocketLink.Factory below) {
    return (socket, endpoint) -> new SpLink(below.link(socket, endpoint), PUSH, PULL);
  }

  /** From a pusher. */
  static SocketLink.Factory pulling(SocketLink.Factory below) {
    return new Pulling(below);
  }

  private record Pulling(SocketLink.Factory below) implements SocketLink.Factory {
    @Override
    public SocketLink link(SocketChannel socket, Endpoint endpoint) throws IOException {
      return new SpLink(below.link(socket, endpoint), PULL, PUSH);
    }

    @Override
    public int lookMs() {
      return below.lookMs();
    }

    @Override
    public void look() {
      below.look();
    }
  }

  @Override
  public String objection() {
    return below.objection();
  }

  /** Sends its own greeting, which a new connection always has room for, and reads the other. */
  @Override
  public boolean handshake() throws IOException {
    secured = secured || below.handshake();
    if (!secured) {
      return false;
    }
    if (!greeted) {
      ByteBuffer own = ByteBuffer.allocate(GREETING_BYTES);
      own.putInt(MAGIC).putShort((short) ownProtocol).putShort((short) 0);
      if (write(own.flip()) < GREETING_BYTES) {
        throw new IOException("greeting not sent");
      }
      greeted = true;
    }
    if (readGreeting() < 0) {
      throw new IOException("closed before its greeting");
    }
    if (greeting.hasRemaining()) {
      return false;
    }
    check();
    return true;
  }

  private int readGreeting() throws IOException {
    if (isPlain()) {
      return below.read(greeting);
    }
    early = ByteBuffer.allocate(READ_BYTES);
    int count = below.read(early);
    early.flip();
    while (greeting.hasRemaining() && early.hasRemaining()) {
      greeting.put(early.get());
    }
    return count;
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

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (!early.hasRemaining()) {
      return below.read(into);
    }
    int count = early.remaining();
    into.put(early);
    early = NOTHING;
    return count;
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    return below.write(sources, offset, length);
  }

  @Override
  public SocketChannel socket() {
    return below.socket();
  }

  @Override
  public int interestOps() {
    return below.interestOps();
  }

  @Override
  public boolean inputEnded() {
    return !early.hasRemaining() && below.inputEnded();
  }

  @Override
  public boolean isPlain() {
    return below.isPlain();
  }

  @Override
  public boolean isDialogue() {
    return below.isDialogue();
  }

  @Override
  public String identity() {
    return below.identity();
  }

  @Override
  public void shutdownOutput() throws IOException {
    below.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    below.close();
  }
}
