/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.IOException;
import java.net.InetAddress;
import org.daqstream.socket.support.Resolver;
import org.daqstream.socket.support.SocketStream;
import org.daqstream.socket.support.SocketTransport;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.spi.OutputSink;
import org.daqstream.stream.api.spi.StreamTransport;
import org.daqstream.transport.support.ParameterReader;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Stream type {@code nng}: the SP push/pull protocol over TCP or Unix-domain sockets. An input
 * listens and pulls from many peers, an output dials and pushes. Message borders are kept.
 */
@Component(service = StreamTransport.class, property = StreamTransport.STREAM_TYPE + "=nng")
public final class NngTransport extends SocketTransport {
  /** Resolves names with the system's resolver. */
  @Activate
  public NngTransport() {
    this(InetAddress::getAllByName);
  }

  NngTransport(Resolver resolver) {
    super("nng", resolver);
  }

  @Override
  protected NngParameters read(StreamDirection direction, ParameterReader reader)
      throws StreamException {
    return NngParameters.read(direction, reader);
  }

  /** Waits for the first connection unless {@code lazy}, as the C code does. */
  @Override
  protected PushOutput output(String name, SocketStream stream, Resolver resolver, OutputSink sink)
      throws IOException {
    return new PushOutput(name, (NngParameters) stream, resolver, sink);
  }

  @Deactivate
  @Override
  protected void deactivate() {
    super.deactivate();
  }
}
