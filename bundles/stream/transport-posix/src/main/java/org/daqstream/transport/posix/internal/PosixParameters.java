/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.util.List;
import org.daqstream.socket.support.HostAndPort;
import org.daqstream.socket.support.PlainLink;
import org.daqstream.socket.support.SocketLink;
import org.daqstream.socket.support.SocketParameters;
import org.daqstream.socket.support.SocketStream;
import org.daqstream.socket.support.TlsLinks;
import org.daqstream.socket.support.TlsParameters;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.transport.support.Framing;
import org.daqstream.transport.support.ParameterReader;

/**
 * Parameters of a stream. The first three are those of EVP; the C code ignores the others, so one
 * manifest serves both.
 *
 * @param family from {@code domain}: {@code IPv4} or {@code IPv6}
 * @param hostname an input's local address, an output's remote one; may be empty, which fails at
 *     open
 * @param port decimal string, 0 to 65535 for an input (0: any free port), from 1 for an output
 * @param chunkBytes inputs: largest chunk handed over
 * @param tls the rest of TLS; null without TLS
 */
record PosixParameters(
    StreamType type,
    StreamDirection direction,
    ProtocolFamily family,
    String hostname,
    int port,
    int chunkBytes,
    SocketParameters sockets,
    TlsParameters tls)
    implements SocketStream {
  static PosixParameters read(StreamType type, StreamDirection direction, ParameterReader reader) {
    int smallestChunk = type == StreamType.TLS ? SocketLink.READ_BYTES : 1;
    reader.choice("type", "tcp");
    boolean v6 = reader.choice("domain", "IPv4", "IPv6").equals("IPv6");
    return new PosixParameters(
        type,
        direction,
        v6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET,
        reader.text("hostname"),
        reader.port("port", direction == StreamDirection.IN ? 0 : 1),
        (int) reader.number("chunkBytes", 65_536, smallestChunk, 16 * 1024 * 1024),
        SocketParameters.read(reader),
        type == StreamType.TLS ? TlsParameters.read(direction, reader) : null);
  }

  @Override
  public List<HostAndPort> endpoints() {
    return List.of(new HostAndPort(hostname, port, family));
  }

  @Override
  public Framing framing() {
    return type.framing();
  }

  /** Reads keys and certificates, if there are some. */
  @Override
  public SocketLink.Factory links() throws IOException {
    if (tls == null) {
      return PlainLink::of;
    }
    return new TlsLinks(type + " " + hostname + ":" + port, direction, tls);
  }

  @Override
  public int longestBytes() {
    return type == StreamType.FRAMED ? sockets.maxMessageBytes() : Integer.MAX_VALUE;
  }

  @Override
  public int handshakeMs() {
    return 0;
  }
}
