/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamCallback;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.StreamTransport;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One stream of one client from its opening to its close. Between the module and a transport:
 * whatever the transport throws becomes a result.
 *
 * <p>An ended stream has no transport any more but keeps its handle until the module closes it.
 */
final class OpenStream {
  private static final Logger LOG = LoggerFactory.getLogger(OpenStream.class);

  /** A transport may need so much longer than its flush deadline. */
  private static final long CLOSE_GRACE_MS = 1000;

  private enum State {
    OPENING,
    RUNNING,
    ENDED,
    CLOSED
  }

  final String instance;
  final int handle;
  final StreamDefinition definition;
  final StreamTransport transport;
  private final StreamCallback callback;
  private final StreamListener listener;
  private final OutputMemory.Budget budget;
  private final SinkToQueue sink;
  private final CompletableFuture<CloseResult> ending = new CompletableFuture<>();

  private volatile State state = State.OPENING;
  private final AtomicBoolean saidFault = new AtomicBoolean();
  private volatile String endedCause = "";
  private boolean resumeDue;
  private volatile TransportInput input;
  private volatile TransportOutput output;

  /**
   * Prepares a stream; nothing is opened yet. The callback is null for an output, the listener may
   * be.
   */
  OpenStream(
      String instance,
      int handle,
      StreamDefinition definition,
      StreamTransport transport,
      StreamCallback callback,
      StreamListener listener,
      Register register,
      InstanceClient client) {
    this.instance = instance;
    this.handle = handle;
    this.definition = definition;
    this.transport = transport;
    this.callback = callback;
    this.listener = listener;
    this.budget = register.outputMemory().budget();
    this.sink = new SinkToQueue(this, listener != null, register.settings(), budget, client);
  }

  /** Has the transport open the stream. */
  void open() throws StreamException {
    try {
      if (definition.direction() == StreamDirection.IN) {
        input = transport.openInput(instance, definition, sink);
      } else {
        output = transport.openOutput(instance, definition, sink);
      }
    } catch (StreamException e) {
      throw unopened(e.result(), e.getMessage(), e);
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      throw unopened(StreamResult.ERROR, "transport failed: " + e, e);
    }
    if (input == null && output == null) {
      throw unopened(StreamResult.ERROR, "transport opened nothing", null);
    }
    String cause;
    boolean resume;
    synchronized (this) {
      cause = endedCause;
      resume = resumeDue;
      state = State.RUNNING;
    }
    if (!cause.isEmpty()) { // it failed before it was open
      end(cause, 0);
    } else if (resume) {
      resume();
    }
  }

  private StreamException unopened(StreamResult result, String problem, Throwable cause) {
    state = State.CLOSED;
    budget.end();
    return new StreamException(result, this + ": " + problem, cause);
  }

  /** Whether nobody was told of a fault before; one at every message would fill a disk. */
  boolean isFirstFault() {
    return saidFault.compareAndSet(false, true);
  }

  StreamResult write(ByteBuffer message) {
    TransportOutput out = output;
    if (out == null || state == State.CLOSED) {
      return StreamResult.INVAL;
    }
    if (state != State.RUNNING) {
      return StreamResult.ERROR;
    }
    try {
      return out.offer(message);
    } catch (OutOfMemoryError e) {
      return StreamResult.NOMEM;
    } catch (RuntimeException | LinkageError e) {
      if (isFirstFault()) {
        LOG.warn("{}: transport failed to take a message; more faults are not said", this, e);
      }
      return StreamResult.ERROR;
    }
  }

  /** Ends the stream for another reason than the module's close; a second cause is ignored. */
  void end(String cause, long flushTimeoutMs) {
    synchronized (this) {
      if (state == State.OPENING) {
        endedCause = cause; // the opening thread goes on with it
        return;
      }
      if (state != State.RUNNING) {
        return;
      }
      endedCause = cause;
      state = State.ENDED;
    }
    CloseResult loss = closeTransport(flushTimeoutMs);
    LOG.atLevel(loss.lostMessages() > 0 ? Level.WARN : Level.INFO)
        .log("{} ended: {}; {} messages lost", this, cause, loss.lostMessages());
    ending.complete(new CloseResult(StreamResult.OK, loss.lostMessages(), loss.lostBytes()));
    sink.ended(cause);
  }

  /** The module's close. */
  CloseResult close(long flushTimeoutMs) {
    State before;
    synchronized (this) {
      before = state;
      state = State.CLOSED;
    }
    return switch (before) {
      case RUNNING -> closeTransport(flushTimeoutMs);
      case ENDED -> lossOfEnd(flushTimeoutMs);
      default -> new CloseResult(StreamResult.INVAL, 0, 0);
    };
  }

  private CloseResult lossOfEnd(long timeoutMs) {
    try {
      return ending.get(timeoutMs + CLOSE_GRACE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("{}: still ending", this, e);
    }
    return new CloseResult(StreamResult.OK, 0, 0);
  }

  private CloseResult closeTransport(long flushTimeoutMs) {
    try {
      if (output != null) {
        return output.close(flushTimeoutMs);
      }
      input.close();
      return new CloseResult(StreamResult.OK, 0, 0);
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("{}: transport failed to close", this, e);
      return new CloseResult(StreamResult.ERROR, 0, 0);
    } finally {
      budget.end();
    }
  }

  /** The module's queue has room again. */
  void resume() {
    synchronized (this) {
      resumeDue = state == State.OPENING; // the opening thread goes on with it
      if (state != State.RUNNING) {
        return;
      }
    }
    if (input != null) {
      try {
        input.resume();
      } catch (RuntimeException | LinkageError e) {
        end("transport failed to resume: " + e, 0);
      }
    }
  }

  /** Runs the module's code for one event, then gives the data back. */
  void deliver(Event event) {
    try {
      switch (event.kind()) {
        case DATA -> callback.data(event.peerId(), event.data());
        case PEER_UP -> listener.peerUp(event.peerId(), event.text());
        case PEER_DOWN -> listener.peerDown(event.peerId(), event.text());
        case ENDED -> listener.ended(event.text());
      }
    } finally {
      sink.processed(event, true);
    }
  }

  /** Gives the data of an undelivered event back. */
  void forget(Event event) {
    sink.processed(event, false);
  }

  boolean isClosed() {
    return state == State.CLOSED;
  }

  boolean takesData() {
    return state == State.RUNNING || state == State.OPENING;
  }

  StreamInfo info() {
    StreamStatistics statistics = StreamStatistics.NONE;
    int port = -1;
    try {
      if (input != null) {
        port = input.boundPort();
        statistics = sink.addTo(input.statistics());
      } else if (output != null) {
        statistics = output.statistics();
      }
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("{}: transport has no statistics", this, e);
    }
    return new StreamInfo(instance, handle, definition, endedCause, port, statistics);
  }

  @Override
  public String toString() {
    return "instance '%s', stream '%s' (%s)"
        .formatted(instance, definition.name(), definition.type());
  }
}
