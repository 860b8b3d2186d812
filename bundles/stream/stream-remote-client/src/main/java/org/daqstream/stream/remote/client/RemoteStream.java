/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.client;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.base.support.Backoff;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamCallback;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.wire.support.Wire;

/**
 * One stream of a client, over as many connections as it lasts. Its lock keeps together what is
 * under way and on which connection; it is held while a frame is put into line, so that a CLOSE
 * comes behind all messages.
 */
final class RemoteStream {
  private static final int LONGEST_WAIT_MS = 5000;

  private enum State {
    /** For the first time. */
    OPENING,
    OPEN,
    /** Ended, but not by the module. */
    DOWN,
    /** By the module. */
    CLOSED
  }

  /** What the runtime answers to an open. */
  record Opened(
      StreamResult result,
      int port,
      long windowMessages,
      long windowBytes,
      long messageBytes,
      String type,
      String reason) {}

  final int handle;
  final String name;
  final StreamDirection direction;
  final StreamCallback callback;
  final StreamListener listener;
  private final Backoff waits;
  private final AtomicBoolean saidFault = new AtomicBoolean();

  // guarded by this
  private State state = State.OPENING;
  private RuntimeLink link; // null: on none
  private int number; // on it
  private Opened opened = new Opened(StreamResult.OK, -1, 0, 0, 0, "", "");
  private CompletableFuture<Opened> opening; // null: no answer is awaited
  private CompletableFuture<CloseResult> closing; // null: no CLOSE was sent
  private String endedCause = "";
  private long underWayMessages;
  private long underWayBytes;
  private long takenMessages;
  private long takenBytes;
  private long lostMessages;
  private long lostBytes;
  private long rejected;
  private String lastError = "";
  private long nextTryNanos;

  // of inputs and of peers; counted by the thread of the connection
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong receivedBytes = new AtomicLong();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong doneBytes = new AtomicLong();
  private final AtomicLong connects = new AtomicLong();
  private final AtomicLong disconnects = new AtomicLong();
  private final Set<Long> peers = ConcurrentHashMap.newKeySet();

  RemoteStream(
      int handle,
      String name,
      StreamDirection direction,
      StreamCallback callback,
      StreamListener listener) {
    this.handle = handle;
    this.name = name;
    this.direction = direction;
    this.callback = callback;
    this.listener = listener;
    waits = new Backoff(LONGEST_WAIT_MS, new Random());
  }

  boolean isFirstFault() {
    return saidFault.compareAndSet(false, true);
  }

  synchronized boolean isClosed() {
    return state == State.CLOSED;
  }

  // --- opening

  /** Opens it for the first time; waits for the answer. */
  void open(RuntimeLink on) throws StreamException {
    CompletableFuture<Opened> answer = new CompletableFuture<>();
    synchronized (this) {
      opening = answer;
    }
    on.open(this, direction, true, name);
    Opened got = answer.join(); // which the end of the connection answers, too
    if (got.result() != StreamResult.OK) {
      throw new StreamException(got.result(), got.reason());
    }
  }

  /** It has a number on a connection from now on. */
  synchronized void numbered(RuntimeLink on, int itsNumber) {
    link = on;
    number = itsNumber;
  }

  /** Opens it again if it is time for that; whether it is down. */
  boolean reopen(RuntimeLink on, long now) {
    synchronized (this) {
      if (state != State.DOWN) {
        return false;
      }
      if (link != null || now - nextTryNanos < 0) {
        return true;
      }
      opening = new CompletableFuture<>();
    }
    on.open(this, direction, true, name);
    return true;
  }

  /** Something has changed: tries at once to open it again. */
  synchronized void hurry() {
    nextTryNanos = System.nanoTime();
  }

  /** The runtime's answer to an open. */
  synchronized void opened(Opened answer) {
    CompletableFuture<Opened> waiting = opening;
    opening = null;
    if (answer.result() != StreamResult.OK) {
      leaveLink();
      lastError = answer.reason();
      state = state == State.OPENING ? State.CLOSED : state;
      nextTryNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waits.nextMs());
      if (closing != null) {
        closing.complete(new CloseResult(StreamResult.OK, lostMessages, lostBytes));
        closing = null;
      }
    } else {
      opened = answer;
      endedCause = "";
      waits.reset();
      if (state == State.CLOSED) { // meanwhile
        link.send(ModuleFrames.close(number, 0)); // its result is awaited
      } else {
        state = State.OPEN;
      }
    }
    if (waiting != null) {
      waiting.complete(answer);
    }
  }

  private void leaveLink() {
    if (link != null) {
      link.streams.remove(number);
    }
    link = null;
    number = 0;
  }

  // --- writing

  synchronized StreamResult write(ByteBuffer message) {
    if (direction != StreamDirection.OUT || state == State.CLOSED) {
      return StreamResult.INVAL;
    }
    int bytes = message.remaining();
    if (state != State.OPEN) {
      rejected++;
      return StreamResult.ERROR;
    }
    if (bytes > opened.messageBytes()) {
      rejected++;
      return StreamResult.TOOBIG;
    }
    boolean hasRoom =
        underWayMessages < opened.windowMessages()
            && (underWayBytes == 0 || underWayBytes + bytes <= opened.windowBytes());
    if (!hasRoom) {
      rejected++;
      return StreamResult.ERROR;
    }
    underWayMessages++;
    underWayBytes += bytes;
    link.write(number, message);
    return StreamResult.OK;
  }

  synchronized void taken(long messages, long bytes) {
    takenMessages += messages;
    takenBytes += bytes;
    underWayMessages -= messages;
    underWayBytes -= bytes;
  }

  synchronized void lost(long messages, long bytes, String reason) {
    lostMessages += messages;
    lostBytes += bytes;
    underWayMessages -= messages;
    underWayBytes -= bytes;
    lastError = reason;
  }

  // --- ending

  /**
   * The runtime has ended it.
   *
   * @param leave whether it is to be closed there without waiting for the module
   */
  synchronized boolean ended(String cause, boolean leave) {
    if (state != State.OPEN) {
      return false;
    }
    state = State.DOWN;
    endedCause = cause;
    lastError = cause;
    nextTryNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waits.nextMs());
    if (leave) {
      closing = new CompletableFuture<>();
      link.send(ModuleFrames.close(number, Wire.DEFAULT_FLUSH));
    }
    return true;
  }

  /** The connection has ended; whether the module is to hear that the stream has. */
  synchronized boolean disconnected(RuntimeLink from, String cause) {
    if (link != from) {
      return false;
    }
    boolean wasOpen = state == State.OPEN;
    lostMessages += underWayMessages;
    lostBytes += underWayBytes;
    underWayMessages = 0;
    underWayBytes = 0;
    leaveLink();
    if (wasOpen) {
      state = State.DOWN;
      endedCause = cause;
      lastError = cause;
    }
    nextTryNanos = System.nanoTime();
    if (opening != null) {
      state = state == State.OPENING ? State.CLOSED : state;
      opening.complete(new Opened(StreamResult.ERROR, -1, 0, 0, 0, "", cause));
      opening = null;
    }
    if (closing != null) {
      boolean byModule = state == State.CLOSED;
      closing.complete(
          new CloseResult(
              byModule ? StreamResult.ERROR : StreamResult.OK, lostMessages, lostBytes));
      closing = null;
    }
    return wasOpen;
  }

  /** The module closes it; what comes of that. */
  synchronized CompletableFuture<CloseResult> close(long flushMs) {
    boolean isNumbered = link != null;
    state = State.CLOSED;
    if (!isNumbered) {
      return CompletableFuture.completedFuture(
          new CloseResult(StreamResult.OK, lostMessages, lostBytes));
    }
    if (closing == null) {
      closing = new CompletableFuture<>();
      if (opening == null) {
        link.send(ModuleFrames.close(number, flushMs));
      } // else behind the answer
    }
    return closing;
  }

  /** The runtime has closed it; false if nobody asked for that. */
  synchronized boolean closed(StreamResult result, long messages, long bytes) {
    if (closing == null) {
      return false;
    }
    lostMessages += messages;
    lostBytes += bytes;
    underWayMessages = 0;
    underWayBytes = 0;
    leaveLink();
    closing.complete(new CloseResult(result, lostMessages, lostBytes));
    closing = null;
    return true;
  }

  /** What is lost at least if no answer comes. */
  synchronized CloseResult lossSoFar(StreamResult result) {
    return new CloseResult(result, lostMessages + underWayMessages, lostBytes + underWayBytes);
  }

  // --- events

  void received(int bytes) {
    received.incrementAndGet();
    receivedBytes.addAndGet(bytes);
  }

  void done(int bytes) {
    done.incrementAndGet();
    doneBytes.addAndGet(bytes);
  }

  void peerUp(long peerId) {
    connects.incrementAndGet();
    peers.add(peerId);
  }

  void peerDown(long peerId) {
    disconnects.incrementAndGet();
    peers.remove(peerId);
  }

  Set<Long> peers() {
    return Set.copyOf(peers);
  }

  // --- to be looked at

  synchronized StreamInfo info(String instance) {
    boolean out = direction == StreamDirection.OUT;
    return new StreamInfo(
        instance,
        handle,
        new StreamDefinition(name, opened.type(), direction, Map.of()),
        endedCause,
        opened.port(),
        new StreamStatistics(
            out ? takenMessages : received.get(),
            out ? takenBytes : receivedBytes.get(),
            out ? underWayMessages : received.get() - done.get(),
            out ? underWayBytes : receivedBytes.get() - doneBytes.get(),
            rejected,
            lostMessages,
            lostBytes,
            connects.get(),
            disconnects.get(),
            peers.size(),
            0,
            lastError));
  }

  @Override
  public String toString() {
    return "stream '" + name + "'";
  }
}
