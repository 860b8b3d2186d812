/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.InputSink;
import org.daqstream.stream.api.spi.ParameterProblem;
import org.daqstream.stream.api.spi.PeerSink;
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

  private static final long LEAVE_TIMEOUT_MS = 1000;

  private final Resolver resolver;
  private final Set<PullInput> inputs = ConcurrentHashMap.newKeySet();
  private final Set<PushOutput> outputs = ConcurrentHashMap.newKeySet();
  private volatile boolean left;

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
    PullInput input;
    try {
      input =
          new PullInput(instance + "/" + definition.name(), address, parameters, resolver, sink);
    } catch (IOException e) {
      throw new StreamException(
          StreamResult.ERROR, "cannot listen on " + address.url() + ": " + e.getMessage(), e);
    }
    inputs.removeIf(PullInput::ended);
    inputs.add(input);
    input.start();
    if (left) {
      input.close();
      throw leaving();
    }
    return input;
  }

  /** Waits for the first connection unless {@code lazy}, as the C code does. */
  @Override
  public TransportOutput openOutput(String instance, StreamDefinition definition, PeerSink sink)
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
    outputs.removeIf(PushOutput::ended);
    outputs.add(output);
    output.start();
    if (left) {
      output.close(0);
      throw leaving();
    }
    return output;
  }

  private static StreamException leaving() {
    return new StreamException(StreamResult.NOTSUP, "transport nng is leaving");
  }

  /** Closes what the register has left open and waits for the threads. */
  @Deactivate
  void deactivate() {
    left = true;
    inputs.forEach(PullInput::close);
    outputs.forEach(output -> output.close(0));
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEAVE_TIMEOUT_MS);
    try {
      for (PushOutput output : outputs) {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime());
        output.join(Math.max(1, leftMs));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
