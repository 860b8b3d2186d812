/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.InputSink;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.testing.ToyTransport.Flaw;

/** The receiving half of {@link ToyTransport}. */
final class ToyInput implements TransportInput {
  /** Longer than who has closed takes to look what was called so far. */
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** A message, or without one the end of a peer. */
  private record Arrival(long peerId, ByteBuffer message) {}

  private static final int MOST_ARRIVALS = 4;

  private final ToyTransport transport;
  private final int port;
  private final InputSink sink;
  private final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
  private final AtomicLong resumes = new AtomicLong();
  private final AtomicLong messages = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger connects = new AtomicInteger();
  private final AtomicInteger disconnects = new AtomicInteger();
  private final Thread thread = new Thread(this::run, "toy-in");
  private long resumesUsed;
  private long firstPeer;
  private volatile boolean closed;

  ToyInput(ToyTransport transport, int port, InputSink sink) {
    this.transport = transport;
    this.port = port;
    this.sink = sink;
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  private boolean has(Flaw flaw) {
    return transport.has(flaw);
  }

  boolean isOpen() {
    return !closed;
  }

  long connect() {
    connects.incrementAndGet();
    long peerId = sink.peerUp("an output");
    if (firstPeer == 0 || !has(Flaw.USES_A_PEER_AGAIN)) {
      firstPeer = peerId;
    }
    return firstPeer;
  }

  void disconnect(long peerId) {
    disconnects.incrementAndGet();
    arrivals.add(new Arrival(peerId, null));
  }

  /** False when there is no room now. */
  boolean put(long peerId, byte[] message) {
    return arrivals.size() < MOST_ARRIVALS
        && arrivals.add(new Arrival(peerId, ByteBuffer.wrap(message)));
  }

  private void run() {
    while (!closed) {
      Arrival arrival = arrivals.poll();
      if (arrival == null) {
        LockSupport.parkNanos(100_000);
      } else if (arrival.message != null) {
        deliver(arrival);
      } else if (has(Flaw.FAILS_WITH_A_PEER)) {
        sink.failed("a peer is gone");
      } else if (!has(Flaw.DOES_NOT_TELL_OF_ENDS)) {
        sink.peerDown(arrival.peerId, "closed by peer");
      }
    }
    while (has(Flaw.LEAVES_A_THREAD)) {
      LockSupport.park();
    }
  }

  private void deliver(Arrival arrival) {
    messages.incrementAndGet();
    bytes.addAndGet(arrival.message.remaining());
    long resumesBefore = resumes.get();
    boolean goOn = sink.data(arrival.peerId, arrival.message, null);
    if (goOn || has(Flaw.IGNORES_FALSE)) {
      return;
    }
    if (has(Flaw.LOSES_AN_EARLY_RESUME)) {
      resumesBefore = resumes.get();
    } else if (has(Flaw.ADDS_RESUMES_UP)) {
      resumesBefore = resumesUsed++;
    }
    while (resumes.get() == resumesBefore && !closed) {
      LockSupport.parkNanos(100_000);
    }
  }

  @Override
  public int boundPort() {
    return port;
  }

  @Override
  public void resume() {
    resumes.incrementAndGet();
  }

  @Override
  public StreamStatistics statistics() {
    int up = connects.get();
    int down = disconnects.get();
    return new StreamStatistics(
        messages.get(), bytes.get(), 0, 0, 0, 0, 0, up, down, up - down, 0, "");
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    transport.leave(port, this);
    while (thread.isAlive() && !has(Flaw.LEAVES_A_THREAD)) {
      Thread.onSpinWait();
    }
    if (has(Flaw.CALLS_AFTER_CLOSE)) {
      Thread late =
          new Thread(
              () -> {
                LockSupport.parkNanos(LATE_NANOS);
                sink.peerUp("too late");
              },
              "toy-late");
      late.start();
    }
    if (has(Flaw.SWALLOWS_AN_INTERRUPT)) {
      Thread.interrupted();
    }
  }
}
