/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
import org.daqstream.transport.support.ParameterReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What transports on sockets have in common: an input listens and serves many peers, an output
 * dials, and nothing of either stays when the transport leaves. Thread-safe.
 */
public abstract class SocketTransport implements StreamTransport {
  private static final Logger LOG = LoggerFactory.getLogger(SocketTransport.class);

  private static final long LEAVE_TIMEOUT_MS = 1000;

  private final String type;
  private final Resolver resolver;
  private final Set<StreamThread> open = ConcurrentHashMap.newKeySet();
  private volatile boolean left;

  /** A transport of a type, with nothing open. */
  protected SocketTransport(String type, Resolver resolver) {
    this.type = type;
    this.resolver = resolver;
  }

  /**
   * Reads the parameters of a stream, and tells the reader what is wrong with them.
   *
   * @throws StreamException for what is looked at only when the stream is opened
   */
  protected abstract SocketStream read(StreamDirection direction, ParameterReader reader)
      throws StreamException;

  @Override
  public final List<ParameterProblem> validate(
      StreamDirection direction, Map<String, Object> parameters) {
    ParameterReader reader = new ParameterReader(parameters);
    try {
      read(direction, reader);
    } catch (StreamException e) {
      LOG.trace("told when the stream is opened", e);
    }
    return reader.problems();
  }

  @Override
  public final TransportInput openInput(
      String instance, StreamDefinition definition, InputSink sink) throws StreamException {
    SocketStream stream = read(StreamDirection.IN, new ParameterReader(definition.parameters()));
    ListeningInput input;
    try {
      SocketLink.Factory links = stream.links();
      ListenSocket socket = ListenSocket.bind(stream.endpoints().get(0), resolver);
      input = new ListeningInput(name("in", instance, definition), socket, links, stream, sink);
    } catch (IOException e) {
      throw refused("listen on", stream, e);
    }
    return start(input);
  }

  @Override
  public final TransportOutput openOutput(
      String instance, StreamDefinition definition, OutputSink sink) throws StreamException {
    SocketStream stream = read(StreamDirection.OUT, new ParameterReader(definition.parameters()));
    DiallingOutput output;
    try {
      output = output(name("out", instance, definition), stream, resolver, sink);
    } catch (IOException e) {
      throw refused("dial", stream, e);
    }
    return start(output);
  }

  /** Makes an output, which is started later. */
  protected DiallingOutput output(String name, SocketStream stream, Resolver names, OutputSink sink)
      throws IOException {
    return new DiallingOutput(name, stream, names, stream.links(), sink);
  }

  private String name(String direction, String instance, StreamDefinition definition) {
    return "stream-" + type + "-" + direction + "-" + instance + "/" + definition.name();
  }

  private static StreamException refused(String what, SocketStream stream, IOException e) {
    String where = stream.endpoints().stream().map(Endpoint::text).collect(Collectors.joining(","));
    return new StreamException(
        StreamResult.ERROR, "cannot " + what + " " + where + ": " + e.getMessage(), e);
  }

  private <T extends StreamThread> T start(T stream) throws StreamException {
    open.removeIf(each -> each.worker().thread().getState() == Thread.State.TERMINATED);
    open.add(stream);
    stream.start();
    if (left) {
      stream.giveUp();
      throw new StreamException(StreamResult.NOTSUP, "transport " + type + " is leaving");
    }
    return stream;
  }

  /** Closes what the register has left open and waits for the threads, not longer than a second. */
  protected void deactivate() {
    left = true;
    open.forEach(StreamThread::giveUp);
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEAVE_TIMEOUT_MS);
    for (StreamThread stream : open) {
      stream.worker().join(TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime()));
    }
  }
}
