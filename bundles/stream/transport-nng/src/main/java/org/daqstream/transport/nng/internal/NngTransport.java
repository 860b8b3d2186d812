/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.daqstream.socket.support.ListenSocket;
import org.daqstream.socket.support.ListeningInput;
import org.daqstream.socket.support.OpenStreams;
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
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Stream type {@code nng}: the SP push/pull protocol over TCP or Unix-domain sockets. An input
 * listens and pulls from many peers, an output dials and pushes. Message borders are kept.
 */
@Component(property = StreamTransport.STREAM_TYPE + "=nng")
public final class NngTransport implements StreamTransport {

  private static final int READ_BYTES = 128 * 1024;

  private final Resolver resolver;
  private final OpenStreams open = new OpenStreams("nng");

  /** Resolves names with the system's resolver. */
  @Activate
  public NngTransport() {
    this(InetAddress::getAllByName);
  }

  NngTransport(Resolver resolver) {
    this.resolver = resolver;
  }

  @Override
  public List<ParameterProblem> validate(
      StreamDirection direction, Map<String, Object> parameters) {
    return NngParameters.validate(direction, parameters);
  }

  @Override
  public TransportInput openInput(String instance, StreamDefinition definition, InputSink sink)
      throws StreamException {
    NngParameters parameters = NngParameters.of(definition.parameters());
    SpAddress address = SpAddress.listening(parameters.connectionString());
    ListeningInput input;
    try {
      input =
          new ListeningInput(
              "stream-nng-in-" + instance + "/" + definition.name(),
              ListenSocket.bind(address, resolver),
              SpLink::pulling,
              address.framing(),
              parameters.sockets(),
              READ_BYTES,
              sink);
    } catch (IOException e) {
      throw new StreamException(
          StreamResult.ERROR, "cannot listen on " + address.url() + ": " + e.getMessage(), e);
    }
    return open.start(input);
  }

  /** Waits for the first connection unless {@code lazy}, as the C code does. */
  @Override
  public TransportOutput openOutput(String instance, StreamDefinition definition, OutputSink sink)
      throws StreamException {
    NngParameters parameters = NngParameters.of(definition.parameters());
    List<SpAddress> addresses = SpAddress.dialled(parameters.connectionString());
    PushOutput output;
    try {
      output =
          new PushOutput(instance + "/" + definition.name(), addresses, parameters, resolver, sink);
    } catch (IOException e) {
      throw new StreamException(
          StreamResult.ERROR,
          "cannot dial " + parameters.connectionString() + ": " + e.getMessage(),
          e);
    }
    return open.start(output);
  }

  /** Closes what the register has left open and waits for the threads. */
  @Deactivate
  void deactivate() {
    open.close();
  }
}
