/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.client;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.socket.support.SocketLink;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.wire.support.FrameException;
import org.daqstream.stream.wire.support.WireOutbox;
import org.daqstream.stream.wire.support.WireReader;

/**
 * One connection to a runtime. Its thread reads, and sends what others could not send themselves at
 * once; any thread adds to what is to be sent.
 *
 * <p>A message that comes alone is sent by the thread that writes it. Of those that follow each
 * other closely many go together: when enough have come, or a tenth of a millisecond later.
 */
final class RuntimeLink implements AutoCloseable {
  private static final long CLOSELY_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
  private static final long GATHER_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final int GATHER_BYTES = 16 * 1024;
  private static final long GREETING_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long HANDSHAKE_MS = 10;

  private final SocketLink socket;
  private final Selector selector;
  private final SelectionKey key;
  private final WireReader reader = new WireReader();
  private final WireOutbox outbox = new WireOutbox();
  private final int windowEvents;
  private final int windowBytes;

  /** Streams by their numbers on this connection. */
  final Map<Integer, RemoteStream> streams = new ConcurrentHashMap<>();

  /** Added to the runtime's ids of peers. */
  final long peerBase;

  private final Object numbering = new Object(); // taken before the lock of a stream
  private int lastNumber; // guarded by numbering, as the order of frames that open
  private volatile long flushedNanos = System.nanoTime() - CLOSELY_NANOS;
  private volatile boolean gathering;
  private volatile boolean blocked;
  private volatile boolean sleeping;
  private volatile boolean ended;
  private volatile IOException failure; // of another thread
  private long heardNanos; // its thread only, as the next
  private long silenceNanos;
  private long doneEvents; // guarded by this, as the next
  private long doneBytes;

  /** Takes a connection over. */
  RuntimeLink(SocketLink socket, RemoteStreams options, long peerBase) throws IOException {
    this.socket = socket;
    this.peerBase = peerBase;
    windowEvents = options.events();
    windowBytes = options.eventBytes();
    try {
      selector = Selector.open();
      key = socket.socket().register(selector, SelectionKey.OP_READ);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** What happens on a connection; called by its thread. */
  interface Handler {
    /** Takes a frame. */
    void take(RuntimeLink link, WireReader frame) throws FrameException, IOException;

    /** All that had come has been taken. */
    void taken();

    /** Does what is due; gives how long there is nothing to do. */
    long work(RuntimeLink link, long nanoTime);

    /** Whether the runtime has let this side in. */
    boolean isGreeted();
  }

  // --- its thread

  /** Reads and sends until either side ends it; says how. */
  String serve(Handler handler) {
    try {
      long deadline = System.nanoTime() + GREETING_NANOS;
      while (!ended && !socket.handshake() && System.nanoTime() - deadline < 0) {
        key.interestOps(socket.interestOps());
        selector.select(HANDSHAKE_MS);
        selector.selectedKeys().clear();
      }
      if (!ended && !socket.isPlain()) {
        read(handler); // what has come together with the end of the handshake
      }
      while (!ended) {
        turn(handler);
        if (silenceNanos > 0 && System.nanoTime() - heardNanos > silenceNanos) {
          return "nothing was heard of the runtime";
        }
        if (!handler.isGreeted() && System.nanoTime() - deadline > 0) {
          return "the runtime does not answer";
        }
      }
      return "closed";
    } catch (EOFException e) {
      return "the runtime has ended the connection";
    } catch (FrameException e) {
      return "the runtime broke the rules: " + e.getMessage();
    } catch (IOException e) {
      return "the connection broke: " + e.getMessage();
    }
  }

  private void turn(Handler handler) throws IOException, FrameException {
    if (failure != null) {
      throw failure;
    }
    if (gathering) {
      LockSupport.parkNanos(this, GATHER_NANOS);
      gathering = false;
    }
    blocked = outbox.flush(socket) == WireOutbox.State.BLOCKED;
    flushedNanos = System.nanoTime();
    int ops = socket.interestOps() | (blocked ? SelectionKey.OP_WRITE : 0);
    if (ops != key.interestOps()) {
      key.interestOps(ops);
    }
    long waitNanos = handler.work(this, System.nanoTime());
    sleeping = true;
    int count =
        gathering || ended || failure != null || (!blocked && outbox.waitingBytes() > 0)
            ? selector.selectNow()
            : selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNanos)));
    sleeping = false;
    selector.selectedKeys().clear();
    if (count > 0) {
      read(handler);
    }
  }

  private void read(Handler handler) throws IOException, FrameException {
    int count = reader.read(socket);
    heardNanos = System.nanoTime();
    while (!ended && reader.next()) {
      handler.take(this, reader);
    }
    handler.taken();
    if (count < 0) {
      throw new EOFException();
    }
  }

  /** Frames may have messages of so many bytes from now on. */
  void allow(int messageBytes) {
    reader.allow(messageBytes);
  }

  /** Without a word in so long a time it is dead; 0 for never. */
  void expectWithin(long silenceMs) {
    silenceNanos = TimeUnit.MILLISECONDS.toNanos(silenceMs);
  }

  // --- any thread

  private void wake() {
    if (sleeping) {
      selector.wakeup();
    }
  }

  /** Sends a frame. */
  void send(ByteBuffer frame) {
    outbox.add(frame);
    flush();
  }

  /** Opens a stream, under a new number that is given before it is sent. */
  void open(RemoteStream stream, StreamDirection direction, boolean news, String name) {
    synchronized (numbering) {
      int number = ++lastNumber;
      stream.numbered(this, number);
      streams.put(number, stream);
      outbox.add(ModuleFrames.open(number, direction, news, name));
    }
    flush();
  }

  /** Sends a message, alone or with others. */
  void write(int number, ByteBuffer message) {
    long waitingBytes = outbox.write(number, message);
    if (blocked) {
      return;
    }
    if (waitingBytes >= GATHER_BYTES || System.nanoTime() - flushedNanos > CLOSELY_NANOS) {
      flush();
    } else if (!gathering) {
      gathering = true;
      wake();
    }
  }

  private void flush() {
    if (!socket.isPlain()) { // which one thread alone may use
      wake();
      return;
    }
    try {
      if (outbox.flush(socket) == WireOutbox.State.BLOCKED) {
        blocked = true;
        wake();
      }
      flushedNanos = System.nanoTime();
    } catch (IOException e) {
      failure = e;
      wake();
    }
  }

  /** The module has done with an event. */
  void done(int bytes) {
    ByteBuffer credit = null;
    synchronized (this) {
      doneEvents++;
      doneBytes += bytes;
      if (doneEvents * 2 >= windowEvents || doneBytes * 2 >= windowBytes) {
        credit = ModuleFrames.credit(doneEvents, doneBytes);
        doneEvents = 0;
        doneBytes = 0;
      }
    }
    if (credit != null && !ended) {
      send(credit);
    }
  }

  /** Has the thread end it. */
  void end() {
    ended = true;
    selector.wakeup();
  }

  @Override
  public void close() throws IOException {
    ended = true;
    try (selector) {
      socket.close();
    }
  }
}
