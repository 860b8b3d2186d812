/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.daqstream.socket.support.Link;
import org.daqstream.socket.support.ListenSocket;
import org.daqstream.socket.support.ListeningInput;
import org.daqstream.socket.support.OpenStreams;
import org.daqstream.socket.support.PlainLink;
import org.daqstream.socket.support.Resolver;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.InputSink;
import org.daqstream.stream.api.spi.OutputSink;
import org.daqstream.stream.api.spi.ParameterProblem;
import org.daqstream.stream.api.spi.StreamTransport;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;

/**
 * What the stream types on TCP have in common: an input listens and serves many peers, an output
 * dials one.
 */
abstract class TcpTransport implements StreamTransport {

  private final StreamType type;
  private final Resolver resolver;
  private final OpenStreams open;

  TcpTransport(StreamType type, Resolver resolver) {
    this.type = type;
    this.resolver = resolver;
    this.open = new OpenStreams(type.toString());
  }

  @Override
  public List<ParameterProblem> validate(
      StreamDirection direction, Map<String, Object> parameters) {
    return PosixParameters.validate(type, direction, parameters);
  }

  @Override
  public TransportInput openInput(String instance, StreamDefinition definition, InputSink sink)
      throws StreamException {
    PosixParameters parameters =
        PosixParameters.of(type, StreamDirection.IN, definition.parameters());
    String name = "stream-" + type + "-in-" + instance + "/" + definition.name();
    ListeningInput input;
    try {
      Link.Factory links =
          parameters.tls() == null ? PlainLink::new : new TlsContext(parameters.tls()).server();
      ListenSocket socket = ListenSocket.bind(parameters.endpoint(), resolver);
      input =
          new ListeningInput(
              name,
              socket,
              links,
              type.framing(),
              parameters.sockets(),
              parameters.chunkBytes(),
              sink);
    } catch (IOException e) {
      throw refused("listen on", parameters, e);
    }
    return open.start(input);
  }

  @Override
  public TransportOutput openOutput(String instance, StreamDefinition definition, OutputSink sink)
      throws StreamException {
    PosixParameters parameters =
        PosixParameters.of(type, StreamDirection.OUT, definition.parameters());
    PosixOutput output;
    try {
      Link.Factory links =
          parameters.tls() == null
              ? PlainLink::new
              : new TlsContext(parameters.tls()).client(parameters.hostname(), parameters.port());
      output =
          new PosixOutput(instance + "/" + definition.name(), parameters, resolver, links, sink);
    } catch (IOException e) {
      throw refused("dial", parameters, e);
    }
    return open.start(output);
  }

  private static StreamException refused(String what, PosixParameters parameters, IOException e) {
    return new StreamException(
        StreamResult.ERROR,
        "cannot " + what + " " + parameters.endpoint().text() + ": " + e.getMessage(),
        e);
  }

  /** Closes what the register has left open and waits for the threads. */
  void deactivate() {
    open.close();
  }
}
