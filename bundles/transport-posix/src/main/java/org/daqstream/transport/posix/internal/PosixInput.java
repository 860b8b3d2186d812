/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.InputSink;
import org.daqstream.stream.api.spi.TransportInput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener: one thread accepts any number of peers and reads from each in turn, one chunk at a
 * time. It never sends a byte. Whatever happens to one peer ends that peer only. While the module's
 * queue is full the thread rests, nothing is accepted or read, and TCP slows the peers down.
 */
final class PosixInput implements TransportInput, Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(PosixInput.class);

  private static final int BACKLOG = 128;
  private static final int ACCEPT_COOL_DOWN_MS = 100;
  private static final int CLOSE_WAIT_MS = 1000;
  private static final int CLOSE_DRAIN_BYTES = 1024 * 1024;

  private final PosixParameters parameters;
  private final InputSink sink;
  private final ServerSocketChannel listener;
  private final Selector selector;
  private final SelectionKey listenerKey;
  private final int boundPort;
  private final ChunkPool pool;
  private final Thread thread;
  private ChunkPool.Chunk chunk; // reading thread only
  private long acceptAgainNanos; // reading thread only

  private volatile boolean closing;
  private volatile String lastError = "";
  private final AtomicLong resumes = new AtomicLong();
  private final AtomicLong pauses = new AtomicLong();
  private final AtomicLong chunks = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong connects = new AtomicLong();
  private final AtomicInteger peers = new AtomicInteger();

  /** Binds to the first address of the host that can be bound; blocks for name resolution. */
  PosixInput(String name, PosixParameters parameters, Resolver resolver, InputSink sink)
      throws IOException {
    this.parameters = parameters;
    this.sink = sink;
    this.pool = new ChunkPool(parameters.chunkBytes());
    this.chunk = pool.take();
    this.listener = bind(parameters, resolver);
    Selector opened = null;
    try {
      listener.configureBlocking(false);
      this.boundPort = ((InetSocketAddress) listener.getLocalAddress()).getPort();
      opened = Selector.open();
      this.selector = opened;
      this.listenerKey = listener.register(selector, SelectionKey.OP_ACCEPT);
    } catch (IOException e) {
      listener.close();
      if (opened != null) {
        opened.close();
      }
      throw e;
    }
    this.thread = new Thread(this, "stream-posix-in-" + name);
    this.thread.setDaemon(true);
  }

  private static ServerSocketChannel bind(PosixParameters parameters, Resolver resolver)
      throws IOException {
    IOException failure = new BindException("no address");
    for (InetAddress address : resolver.resolve(parameters.hostname(), parameters.family())) {
      ServerSocketChannel listener = ServerSocketChannel.open(parameters.family());
      try {
        listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        return listener.bind(new InetSocketAddress(address, parameters.port()), BACKLOG);
      } catch (IOException e) {
        listener.close();
        failure = e;
      }
    }
    throw failure;
  }

  void start() {
    thread.start();
  }

  @Override
  public int boundPort() {
    return boundPort;
  }

  @Override
  public void run() {
    try {
      while (!closing) {
        selector.select(this::serve, acceptWaitMs());
      }
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("posix input on port {} failed", boundPort, e);
      sink.failed("posix input on port " + boundPort + " failed: " + e);
    } finally {
      closeAll();
    }
  }

  /**
   * After an accept that failed, for example for want of descriptors, the listener rests a while.
   */
  private long acceptWaitMs() {
    if (acceptAgainNanos == 0) {
      return 0; // for ever
    }
    long waitMs = TimeUnit.NANOSECONDS.toMillis(acceptAgainNanos - System.nanoTime());
    if (waitMs > 0) {
      return waitMs;
    }
    acceptAgainNanos = 0;
    listenerKey.interestOps(SelectionKey.OP_ACCEPT);
    return 0;
  }

  private void serve(SelectionKey key) {
    if (closing) {
      return;
    }
    if (key == listenerKey) {
      accept();
    } else if (key.isValid()) {
      read(key, (Long) key.attachment());
    }
  }

  private void accept() {
    SocketChannel channel;
    try {
      channel = listener.accept();
    } catch (IOException e) {
      problem("accept: " + e.getMessage());
      listenerKey.interestOps(0);
      acceptAgainNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ACCEPT_COOL_DOWN_MS);
      return;
    }
    if (channel != null) {
      welcome(channel);
    }
  }

  private void welcome(SocketChannel channel) {
    if (peers.get() >= parameters.maxPeers()) {
      rejected.incrementAndGet();
      problem("more than " + parameters.maxPeers() + " peers: connection refused");
      closeQuietly(channel);
      return;
    }
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      String address = Addresses.text(channel.getRemoteAddress());
      SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
      peers.incrementAndGet();
      connects.incrementAndGet();
      key.attach(sink.peerUp(address));
    } catch (IOException e) { // gone again
      problem("new peer: " + e.getMessage());
      closeQuietly(channel);
    }
  }

  private void read(SelectionKey key, long peerId) {
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      int count = channel.read(chunk.bytes);
      if (count > 0) {
        chunks.incrementAndGet();
        bytes.addAndGet(count);
        handOver(peerId, count);
      } else if (count < 0) {
        drop(key, peerId, "closed by peer");
      }
    } catch (IOException e) {
      chunk.bytes.clear();
      problem("peer " + peerId + ": " + e.getMessage());
      drop(key, peerId, e.getMessage());
    }
  }

  private void handOver(long peerId, int count) {
    ByteBuffer filled = chunk.bytes.flip();
    Runnable release = null;
    if (count >= filled.capacity() / 2) {
      release = chunk.release;
      chunk = pool.take();
    } else {
      byte[] exact = new byte[count];
      filled.get(exact);
      filled.clear();
      filled = ByteBuffer.wrap(exact);
    }
    long resumesBefore = resumes.get();
    if (!sink.data(peerId, filled, release)) {
      pauses.incrementAndGet();
      while (resumes.get() == resumesBefore && !closing) {
        LockSupport.park(this);
      }
    }
  }

  private void drop(SelectionKey key, long peerId, String cause) {
    closeQuietly((SocketChannel) key.channel());
    peers.decrementAndGet();
    sink.peerDown(peerId, cause);
  }

  @Override
  public void resume() {
    resumes.incrementAndGet();
    LockSupport.unpark(thread);
  }

  @Override
  public void close() {
    closing = true;
    selector.wakeup();
    LockSupport.unpark(thread);
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      if (!join(CLOSE_WAIT_MS)) {
        LOG.warn("posix input on port {} is still closing", boundPort);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the thread has run and is gone. */
  boolean ended() {
    return thread.getState() == Thread.State.TERMINATED;
  }

  /** Waits for the thread's end. */
  boolean join(long timeoutMs) throws InterruptedException {
    thread.join(timeoutMs);
    return !thread.isAlive();
  }

  private void closeAll() {
    closing = true;
    for (SelectionKey key : selector.keys()) {
      if (key.isValid() && key.channel() instanceof SocketChannel channel) {
        closeWithFin(channel);
        peers.decrementAndGet();
      }
    }
    try {
      listener.close();
      selector.close(); // only now are the descriptors closed and the port is free
    } catch (IOException e) {
      LOG.warn("closing the listener on port {}", boundPort, e);
    }
  }

  /** Unread bytes would turn the close into a reset, so some are read first. */
  private void closeWithFin(SocketChannel channel) {
    try (channel) {
      channel.shutdownOutput();
      int left = CLOSE_DRAIN_BYTES;
      int count;
      do {
        chunk.bytes.clear();
        count = channel.read(chunk.bytes);
        left -= count;
      } while (count > 0 && left > 0);
    } catch (ClosedChannelException e) {
      LOG.trace("closed already", e);
    } catch (IOException e) {
      LOG.debug("closing a peer", e);
    }
  }

  private void problem(String cause) {
    if (!cause.equals(lastError)) {
      LOG.info("posix input on port {}: {}", boundPort, cause);
    }
    lastError = cause;
  }

  private static void closeQuietly(SocketChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.debug("closing a peer", e);
      }
    }
  }

  @Override
  public StreamStatistics statistics() {
    int up = peers.get();
    return new StreamStatistics(
        chunks.get(),
        bytes.get(),
        0,
        0,
        rejected.get(),
        0,
        0,
        connects.get(),
        connects.get() - up,
        up,
        pauses.get(),
        lastError);
  }
}
