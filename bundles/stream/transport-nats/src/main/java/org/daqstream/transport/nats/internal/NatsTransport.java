/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.daqstream.nats.support.NatsOptions;
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
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Stream type {@code nats}: messages on a subject of NATS. An output publishes, an input
 * subscribes, both by a server; with JetStream at least once. Thread-safe.
 */
@Component(service = StreamTransport.class, property = StreamTransport.STREAM_TYPE + "=nats")
public final class NatsTransport implements StreamTransport {
  private static final long LEAVE_TIMEOUT_MS = 1_000;

  private final Set<OpenEnd> open = ConcurrentHashMap.newKeySet();
  private volatile boolean left;

  /** An open stream. */
  interface OpenEnd {
    void start();

    /** Closes it without waiting for what is queued. */
    void giveUp();

    /** Whether its threads have ended, after waiting so long for that. */
    boolean hasEnded(long limitMs);
  }

  /** With nothing open. */
  @Activate
  public NatsTransport() {}

  @Override
  public List<ParameterProblem> validate(
      StreamDirection direction, Map<String, Object> parameters) {
    ParameterReader reader = new ParameterReader(parameters);
    NatsParameters.read(direction, reader);
    return reader.problems();
  }

  @Override
  public TransportInput openInput(String instance, StreamDefinition definition, InputSink sink)
      throws StreamException {
    NatsParameters parameters = parameters(StreamDirection.IN, definition);
    String name = name("in", instance, definition);
    NatsOptions options = options(parameters, instance, definition);
    NatsInput input =
        parameters.isJetStream()
            ? new JetStreamInput(name, parameters, options, sink)
            : new CoreInput(name, parameters, options, sink);
    return start(input);
  }

  @Override
  public TransportOutput openOutput(String instance, StreamDefinition definition, OutputSink sink)
      throws StreamException {
    NatsParameters parameters = parameters(StreamDirection.OUT, definition);
    String name = name("out", instance, definition);
    NatsOptions options = options(parameters, instance, definition);
    NatsOutput output =
        parameters.isJetStream()
            ? new JetStreamOutput(name, parameters, options, sink)
            : new CoreOutput(name, parameters, options, sink);
    return start(output);
  }

  private static NatsParameters parameters(StreamDirection direction, StreamDefinition definition) {
    return NatsParameters.read(direction, new ParameterReader(definition.parameters()));
  }

  private static String name(String direction, String instance, StreamDefinition definition) {
    return "stream-nats-" + direction + "-" + instance + "/" + definition.name();
  }

  private static NatsOptions options(
      NatsParameters parameters, String instance, StreamDefinition definition)
      throws StreamException {
    try {
      return parameters.options("daqstream " + instance + "/" + definition.name());
    } catch (IOException e) {
      throw new StreamException(StreamResult.ERROR, e.getMessage(), e);
    }
  }

  private <T extends OpenEnd> T start(T stream) throws StreamException {
    open.removeIf(each -> each.hasEnded(0));
    open.add(stream);
    stream.start();
    if (left) {
      stream.giveUp();
      throw new StreamException(StreamResult.NOTSUP, "transport nats is leaving");
    }
    return stream;
  }

  /** Closes what the register has left open and waits for the threads, not longer than a second. */
  @Deactivate
  void deactivate() {
    left = true;
    open.forEach(OpenEnd::giveUp);
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEAVE_TIMEOUT_MS);
    for (OpenEnd stream : open) {
      stream.hasEnded(Math.max(1, TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime())));
    }
  }
}
