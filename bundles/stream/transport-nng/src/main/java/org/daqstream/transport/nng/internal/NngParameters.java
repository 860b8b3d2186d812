/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.IOException;
import java.util.List;
import org.daqstream.socket.support.PlainLink;
import org.daqstream.socket.support.SocketLink;
import org.daqstream.socket.support.SocketParameters;
import org.daqstream.socket.support.SocketStream;
import org.daqstream.socket.support.TlsLinks;
import org.daqstream.socket.support.TlsParameters;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.transport.support.Framing;
import org.daqstream.transport.support.ParameterReader;

/**
 * Parameters of an nng stream. {@code mode}, {@code protocol} and {@code connection_string} are
 * those of EVP and are checked as there: an output dials and pushes, an input listens and pulls,
 * the URL is looked at when the stream is opened. The C code ignores the others, so one manifest
 * serves both.
 *
 * @param endpoints of the connection string, see {@link SpAddress}
 * @param lazy outputs: opening succeeds although nobody listens
 * @param tls the rest of TLS; null without
 */
record NngParameters(
    StreamDirection direction,
    List<SpAddress> endpoints,
    boolean lazy,
    SocketParameters sockets,
    TlsParameters tls)
    implements SocketStream {
  private static final int READ_BYTES = 128 * 1024;

  /**
   * Reads them.
   *
   * @throws StreamException when the URL is wrong
   */
  static NngParameters read(StreamDirection direction, ParameterReader reader)
      throws StreamException {
    boolean out = direction == StreamDirection.OUT;
    require(reader, "mode", out ? "dial" : "listen", direction);
    require(reader, "protocol", out ? "push" : "pull", direction);
    String url = reader.text("connection_string");
    boolean lazy = reader.flag("lazy", false);
    SocketParameters sockets = SocketParameters.read(reader);
    List<SpAddress> endpoints = out ? SpAddress.dialled(url) : List.of(SpAddress.listening(url));
    TlsParameters tls = endpoints.get(0).isTls() ? TlsParameters.read(direction, reader) : null;
    return new NngParameters(direction, endpoints, lazy, sockets, tls);
  }

  private static void require(
      ParameterReader reader, String key, String word, StreamDirection direction) {
    if (!reader.has(key, word)) {
      reader.refuse(key, "must be " + word + " for direction " + direction.manifestName());
    }
  }

  @Override
  public Framing framing() {
    return endpoints.get(0).framing();
  }

  @Override
  public SocketLink.Factory links() throws IOException {
    SocketLink.Factory below =
        tls == null ? PlainLink::of : new TlsLinks(endpoints.get(0).url(), direction, tls);
    return direction == StreamDirection.IN ? SpLink.pulling(below) : SpLink.pushing(below);
  }

  @Override
  public int chunkBytes() {
    return READ_BYTES;
  }

  @Override
  public int longestBytes() {
    return Integer.MAX_VALUE;
  }

  @Override
  public int handshakeMs() {
    return sockets.handshakeTimeoutMs();
  }
}
