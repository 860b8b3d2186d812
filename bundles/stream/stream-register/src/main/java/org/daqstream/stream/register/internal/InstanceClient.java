/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamCallback;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.ParameterProblem;
import org.daqstream.stream.api.spi.StreamTransport;
import org.daqstream.stream.support.ClientEvent;
import org.daqstream.stream.support.EventLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table of open streams and the event queue of one client. */
final class InstanceClient implements StreamClient {
  private static final Logger LOG = LoggerFactory.getLogger(InstanceClient.class);

  private static final AtomicInteger HANDLES = new AtomicInteger();

  private final String instance;
  private final Register register;
  private final Map<String, Integer> names = new ConcurrentHashMap<>();
  private final Map<Integer, OpenStream> streams = new ConcurrentHashMap<>();
  private final EventLoop events = new EventLoop(InstanceClient::sayFault, this::sayRejected);
  private final AtomicBoolean closed = new AtomicBoolean();

  InstanceClient(String instance, Register register) {
    this.instance = instance;
    this.register = register;
  }

  @Override
  public String instance() {
    return instance;
  }

  @Override
  public int openInput(String name, StreamCallback callback, StreamListener listener)
      throws StreamException {
    if (callback == null) {
      throw new StreamException(StreamResult.INVAL, describe(name) + ": no callback");
    }
    return open(name, StreamDirection.IN, callback, listener);
  }

  @Override
  public int openOutput(String name, StreamListener listener) throws StreamException {
    return open(name, StreamDirection.OUT, null, listener);
  }

  private int open(
      String name, StreamDirection direction, StreamCallback callback, StreamListener listener)
      throws StreamException {
    int handle = HANDLES.incrementAndGet();
    if (closed.get()) {
      throw new StreamException(StreamResult.ERROR, describe(name) + ": the client is closed");
    }
    if (names.putIfAbsent(name, handle) != null) {
      throw new StreamException(StreamResult.EXIST, describe(name) + " is open already");
    }
    boolean opened = false;
    try {
      StreamDefinition definition = register.definition(instance, name);
      StreamTransport transport = transportFor(definition, direction);
      OpenStream stream =
          new OpenStream(
              instance, handle, definition, transport, callback, listener, register, this);
      stream.open();
      streams.put(handle, stream);
      opened = true;
      endIfOutdated(stream);
      if (closed.get()) {
        close(handle, 0);
        throw new StreamException(StreamResult.ERROR, describe(name) + ": the client was closed");
      }
      return handle;
    } finally {
      if (!opened) {
        names.remove(name, handle);
      }
    }
  }

  /** Everything is checked before the transport touches anything. */
  private StreamTransport transportFor(StreamDefinition definition, StreamDirection direction)
      throws StreamException {
    String what = describe(definition.name());
    if (definition.direction() != direction) {
      throw new StreamException(
          StreamResult.INVAL,
          what + " has direction '" + definition.direction().manifestName() + "'");
    }
    StreamTransport transport =
        register
            .transports()
            .best(definition.type())
            .orElseThrow(
                () ->
                    new StreamException(
                        StreamResult.NOTSUP,
                        what + ": no transport of type '" + definition.type() + "'"));
    for (ParameterProblem problem : ManifestParser.problemsOf(transport, definition)) {
      if (problem.fatal()) {
        throw new StreamException(
            StreamResult.INVAL,
            "%s: key 'parameters.%s', value %s: %s"
                .formatted(what, problem.key(), problem.value(), problem.message()));
      }
    }
    return transport;
  }

  /** What went while the stream was being opened could not end it. */
  private void endIfOutdated(OpenStream stream) {
    if (!register.transports().contains(stream.transport)) {
      stream.end(Register.TRANSPORT_LEFT, 0);
    } else if (!register.isCurrent(instance, stream.definition)) {
      stream.end(Register.DEFINITION_CHANGED, 0);
    }
  }

  private String describe(String name) {
    return "instance '" + instance + "', stream '" + name + "'";
  }

  /** The streams that are open or have ended but are not closed. */
  Collection<OpenStream> table() {
    return streams.values();
  }

  @Override
  public StreamResult write(int handle, ByteBuffer message) {
    OpenStream stream = streams.get(handle);
    return stream == null ? StreamResult.INVAL : stream.write(message);
  }

  @Override
  public CloseResult close(int handle) {
    return close(handle, register.settings().flushTimeoutMs());
  }

  @Override
  public CloseResult close(int handle, long flushTimeoutMs) {
    OpenStream stream = streams.remove(handle);
    if (stream == null) {
      return new CloseResult(StreamResult.INVAL, 0, 0);
    }
    CloseResult result = stream.close(Math.min(Math.max(0, flushTimeoutMs), EventLoop.LONGEST_MS));
    events.dropIf(event -> ((Event) event).stream() == stream);
    names.remove(stream.definition.name(), handle);
    return result;
  }

  /** Takes an event, without waking the module. */
  void add(Event event) {
    events.add(event);
  }

  /** Wakes the module if there is something for it. */
  void wake() {
    events.wake();
  }

  @Override
  public StreamResult processEvent(long timeoutMs) {
    return events.processEvent(timeoutMs);
  }

  @Override
  public void dispatchOn(Executor executor) {
    events.dispatchOn(executor);
  }

  private static void sayFault(ClientEvent event, Throwable fault) {
    OpenStream stream = ((Event) event).stream();
    if (stream.isFirstFault()) {
      LOG.error("{}: the module's callback failed; more faults are not said", stream, fault);
    }
  }

  private void sayRejected(RejectedExecutionException e) {
    LOG.warn("instance '{}': the executor rejects events", instance, e);
  }

  @Override
  public void requestStop() {
    events.stop();
  }

  @Override
  public Optional<StreamInfo> info(int handle) {
    return Optional.ofNullable(streams.get(handle)).map(OpenStream::info);
  }

  @Override
  public List<StreamInfo> streams() {
    List<OpenStream> open = new ArrayList<>(streams.values());
    open.sort(Comparator.comparingInt(stream -> stream.handle));
    return open.stream().map(OpenStream::info).toList();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    register.forget(this);
    Together.each(List.copyOf(streams.values()), this::closeLeftOver);
    events.stop();
  }

  private void closeLeftOver(OpenStream stream) {
    LOG.warn("{} was still open when its client was closed", stream);
    CloseResult result = close(stream.handle);
    if (result.lostMessages() > 0) {
      LOG.warn("{}: {} messages lost", stream, result.lostMessages());
    }
  }
}
