/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.util.List;
import java.util.Map;
import org.daqstream.socket.support.Link;
import org.daqstream.socket.support.SocketParameters;
import org.daqstream.socket.support.SocketStream;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.spi.ParameterProblem;
import org.daqstream.transport.support.Framing;
import org.daqstream.transport.support.ParameterReader;

/**
 * Parameters of an nng stream. {@code mode}, {@code protocol} and {@code connection_string} are
 * those of EVP and are checked as there: an output dials and pushes, an input listens and pulls,
 * the URL is looked at when the stream is opened. The C code ignores the others, so one manifest
 * serves both.
 *
 * @param direction of the stream
 * @param endpoints of the connection string, see {@link SpAddress}
 * @param lazy outputs: opening succeeds although nobody listens
 * @param sockets the rest
 */
record NngParameters(
    StreamDirection direction, List<SpAddress> endpoints, boolean lazy, SocketParameters sockets)
    implements SocketStream {

  private static final String URL = "connection_string";
  private static final int READ_BYTES = 128 * 1024;

  static List<ParameterProblem> validate(
      StreamDirection direction, Map<String, Object> parameters) {
    ParameterReader reader = new ParameterReader(parameters);
    boolean out = direction == StreamDirection.OUT;
    require(reader, parameters, "mode", out ? "dial" : "listen", direction);
    require(reader, parameters, "protocol", out ? "push" : "pull", direction);
    reader.text(URL);
    read(direction, List.of(), reader);
    return reader.problems();
  }

  private static void require(
      ParameterReader reader,
      Map<String, Object> parameters,
      String key,
      String word,
      StreamDirection direction) {
    if (!word.equals(parameters.get(key))) {
      reader.refuse(key, "must be " + word + " for direction " + direction.manifestName());
    }
  }

  /**
   * Reads parameters that were found good.
   *
   * @throws StreamException when the URL is not
   */
  static NngParameters of(StreamDirection direction, Map<String, Object> parameters)
      throws StreamException {
    ParameterReader reader = new ParameterReader(parameters);
    String url = reader.text(URL);
    return read(
        direction,
        direction == StreamDirection.IN
            ? List.of(SpAddress.listening(url))
            : SpAddress.dialled(url),
        reader);
  }

  private static NngParameters read(
      StreamDirection direction, List<SpAddress> endpoints, ParameterReader reader) {
    return new NngParameters(
        direction, endpoints, reader.flag("lazy", false), SocketParameters.read(reader));
  }

  @Override
  public Framing framing() {
    return endpoints.get(0).framing();
  }

  @Override
  public Link.Factory links() {
    return direction == StreamDirection.IN ? SpLink::pulling : SpLink::pushing;
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
