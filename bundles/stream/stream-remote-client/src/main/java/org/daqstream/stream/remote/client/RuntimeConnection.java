/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.daqstream.base.support.Backoff;
import org.daqstream.base.support.ForeignText;
import org.daqstream.base.support.Worker;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.support.EventLoop;
import org.daqstream.stream.wire.support.FrameBody;
import org.daqstream.stream.wire.support.FrameException;
import org.daqstream.stream.wire.support.Wire;
import org.daqstream.stream.wire.support.WireReader;

/**
 * Keeps a client connected: dials again whenever a connection has ended, gives what comes to the
 * streams, and opens those again that went down. What is not said to be for other threads its own
 * thread does.
 */
final class RuntimeConnection implements RuntimeLink.Handler {
  private static final System.Logger LOG = System.getLogger("org.daqstream.stream.remote.client");

  private static final int LONGEST_WAIT_MS = 5000;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LASTED_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final RemoteStreams options;
  private final String instance;
  private final Collection<RemoteStream> table;
  private final EventLoop events;
  private final Worker worker;
  private final Backoff waits = new Backoff(LONGEST_WAIT_MS, new Random());
  private final CompletableFuture<Void> first = new CompletableFuture<>();
  private final Set<String> ready = new HashSet<>();
  private final Set<String> announced = new HashSet<>();
  private volatile RuntimeLink link; // the runtime has let us in there
  private volatile RuntimeLink dialled;
  private volatile String problem = "not connected yet";
  private volatile boolean looksAfter;
  private StreamResult refused; // null: not
  private long highestPeer;
  private boolean isOnce;

  RuntimeConnection(
      RemoteStreams options, String instance, Collection<RemoteStream> table, EventLoop events) {
    this.options = options;
    this.instance = instance;
    this.table = table;
    this.events = events;
    worker = new Worker("daqstream-remote " + instance, self -> run(), this::unblock);
  }

  // --- other threads

  /** Connects for the first time. */
  void start(long patienceMs) throws StreamException, InterruptedException {
    isOnce = patienceMs <= 0;
    worker.start();
    try {
      long limitMs = isOnce ? LONGEST_WAIT_MS * 2 : patienceMs;
      first.get(limitMs, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new StreamException(StreamResult.TIMEDOUT, where() + problem, e);
    } catch (ExecutionException e) {
      StreamResult result = refused == null ? StreamResult.TIMEDOUT : refused;
      throw new StreamException(result, where() + problem, e);
    }
  }

  private String where() {
    return "instance '" + instance + "' at " + options.where() + ": ";
  }

  /** The connection that there is; null for none. */
  RuntimeLink link() {
    return link;
  }

  /** Why there is none. */
  String problem() {
    return problem;
  }

  /** A stream is new in the table. */
  void look() {
    looksAfter = true;
  }

  private void unblock() {
    RuntimeLink now = dialled;
    if (now != null) {
      now.end();
    }
  }

  void stop() {
    worker.stop();
  }

  // --- its thread

  private void run() {
    while (worker.isWanted()) {
      long begunNanos = System.nanoTime();
      boolean wasIn = dial();
      if (!wasIn && isHopeless()) {
        first.completeExceptionally(new IOException(problem));
        return;
      }
      if (wasIn && System.nanoTime() - begunNanos > LASTED_NANOS) {
        waits.reset();
      } else {
        worker.rest(TimeUnit.MILLISECONDS.toNanos(waits.nextMs()));
      }
    }
  }

  /** Whether the first attempt needs no second one. */
  private boolean isHopeless() {
    if (first.isDone()) {
      return false;
    }
    return isOnce
        || refused == StreamResult.DENIED
        || refused == StreamResult.INVAL
        || refused == StreamResult.NOTSUP
        || refused == StreamResult.EXIST;
  }

  /** Connects once and stays as long as that goes; whether the runtime let us in. */
  private boolean dial() {
    refused = null;
    boolean wasIn;
    String cause;
    try (RuntimeLink now = new RuntimeLink(options.dial(), options, highestPeer)) {
      dialled = now;
      if (!worker.isWanted()) {
        return false;
      }
      now.send(
          ModuleFrames.hello(
              ProcessHandle.current().pid(),
              options.events(),
              options.eventBytes(),
              instance,
              options.token(),
              options.program()));
      cause = now.serve(this);
      wasIn = link != null;
      link = null;
      cause = refused == null ? cause : problem;
      problem = cause;
      if (wasIn && worker.isWanted()) {
        LOG.log(System.Logger.Level.WARNING, "{0}{1}; connecting again", where(), cause);
      }
      end(now, cause);
    } catch (IOException e) {
      wasIn = link != null;
      link = null;
      problem = "nobody listens there: " + e.getMessage();
    } catch (RuntimeException e) {
      wasIn = link != null;
      link = null;
      problem = "failed: " + e;
      LOG.log(System.Logger.Level.ERROR, where() + "failed", e);
      RuntimeLink broken = dialled;
      if (broken != null) {
        end(broken, problem);
      }
    }
    dialled = null;
    return wasIn;
  }

  /** Tells every stream of a connection that it has ended. */
  private void end(RuntimeLink ended, String cause) {
    Set<RemoteStream> all = new HashSet<>(ended.streams.values());
    all.addAll(table);
    for (RemoteStream stream : all) {
      Set<Long> peers = stream.peers();
      boolean isTold = stream.disconnected(ended, cause);
      for (Long peer : peers) {
        stream.peerDown(peer);
        tell(stream, null, RemoteEvent.Kind.PEER_DOWN, peer, cause);
      }
      if (isTold) {
        tell(stream, null, RemoteEvent.Kind.ENDED, 0, cause);
      }
    }
    looksAfter = true;
    events.wake();
  }

  /** The link is null for what the runtime has not told itself. */
  private void tell(
      RemoteStream stream, RuntimeLink from, RemoteEvent.Kind kind, long peerId, String text) {
    if (stream.listener != null && !stream.isClosed()) {
      events.add(RemoteEvent.news(stream, from, kind, peerId, text));
    } else if (from != null) {
      from.done(0);
    }
  }

  @Override
  public boolean isGreeted() {
    return link != null;
  }

  @Override
  public long work(RuntimeLink on, long now) {
    if (!looksAfter || link == null || !options.isReopening()) {
      return link == null ? LOOK_NANOS : IDLE_NANOS;
    }
    boolean isDown = false;
    for (RemoteStream stream : table) {
      isDown |= ready.contains(stream.name) && stream.reopen(on, now);
    }
    looksAfter = isDown;
    return isDown ? LOOK_NANOS : IDLE_NANOS;
  }

  @Override
  public void taken() {
    events.wake();
  }

  @Override
  public void take(RuntimeLink on, WireReader frame) throws FrameException {
    FrameBody body = frame.body();
    switch (frame.type()) {
      case Wire.WELCOME -> welcome(on, body);
      case Wire.REFUSED -> refused(body);
      case Wire.STREAMS -> streams(body);
      case Wire.STOP -> events.stop();
      case Wire.PING -> on.send(ModuleFrames.pong(body.bits()));
      case Wire.OPENED -> StreamFrames.opened(on, body);
      case Wire.TAKEN -> StreamFrames.taken(on, body);
      case Wire.LOST -> StreamFrames.lost(on, body);
      case Wire.CLOSED -> StreamFrames.closed(on, body);
      case Wire.DATA -> data(on, body);
      case Wire.PEER_UP, Wire.PEER_DOWN -> peer(on, frame.type(), body);
      case Wire.ENDED -> ended(on, body);
      default -> throw new FrameException("a frame of type " + frame.type());
    }
  }

  private void welcome(RuntimeLink on, FrameBody body) throws FrameException {
    int version = body.u16();
    body.u16();
    long messageBytes = body.u32();
    body.u32();
    long silenceMs = body.u32();
    body.text();
    body.end();
    if (version != Wire.VERSION || messageBytes > Integer.MAX_VALUE - 2 * Wire.MARGIN_BYTES) {
      throw new FrameException("a WELCOME of version " + version);
    }
    on.allow((int) messageBytes);
    on.expectWithin(silenceMs);
    link = on;
    looksAfter = true;
    first.complete(null);
  }

  private void refused(FrameBody body) throws FrameException {
    refused = StreamFrames.result(body);
    problem = ForeignText.plain(body.text());
    body.end();
  }

  private void streams(FrameBody body) throws FrameException {
    boolean more = body.u8() == 1;
    int count = body.u16();
    for (int i = 0; i < count; i++) {
      body.u8();
      boolean isReady = body.u8() == 1;
      String name = body.text();
      body.text();
      if (isReady) {
        announced.add(name);
      }
    }
    body.end();
    if (!more) {
      ready.clear();
      ready.addAll(announced);
      announced.clear();
      table.forEach(RemoteStream::hurry);
      looksAfter = true;
    }
  }

  private void data(RuntimeLink on, FrameBody body) throws FrameException {
    RemoteStream stream = StreamFrames.stream(on, body);
    long peerId = peerId(on, body);
    ByteBuffer rest = body.rest();
    int bytes = rest.remaining();
    if (stream.callback == null) {
      throw new FrameException("data of an output");
    }
    if (stream.isClosed()) {
      on.done(bytes);
      return;
    }
    ByteBuffer data = ByteBuffer.allocate(bytes).put(rest).flip().asReadOnlyBuffer();
    stream.received(bytes);
    events.add(RemoteEvent.data(stream, on, peerId, data));
  }

  private long peerId(RuntimeLink on, FrameBody body) throws FrameException {
    long peerId = on.peerBase + body.u64();
    highestPeer = Math.max(highestPeer, peerId);
    return peerId;
  }

  private void peer(RuntimeLink on, int type, FrameBody body) throws FrameException {
    RemoteStream stream = StreamFrames.stream(on, body);
    long peerId = peerId(on, body);
    String text = ForeignText.plain(body.text());
    body.end();
    if (type == Wire.PEER_UP) {
      stream.peerUp(peerId);
      tell(stream, on, RemoteEvent.Kind.PEER_UP, peerId, text);
    } else {
      stream.peerDown(peerId);
      tell(stream, on, RemoteEvent.Kind.PEER_DOWN, peerId, text);
    }
  }

  private void ended(RuntimeLink on, FrameBody body) throws FrameException {
    RemoteStream stream = StreamFrames.stream(on, body);
    String cause = ForeignText.plain(body.text());
    body.end();
    if (stream.ended(cause, options.isReopening())) {
      tell(stream, on, RemoteEvent.Kind.ENDED, 0, cause);
    } else {
      on.done(0);
    }
    looksAfter = true;
  }
}
