/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
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

  private static final String CLOSED = "closed by peer";
  private static final int ACCEPT_COOL_DOWN_MS = 100;
  private static final int STRANGER_LOOK_MS = 100;
  private static final int CLOSE_WAIT_MS = 1000;

  private final PosixParameters parameters;
  private final Link.Factory links;
  private final InputSink sink;
  private final ServerSocketChannel listener;
  private final Selector selector;
  private final SelectionKey listenerKey;
  private final int boundPort;
  private final ChunkPool pool;
  private final Thread thread;
  private final ArrayDeque<SelectionKey> strangers = new ArrayDeque<>(); // reading thread only
  private ChunkPool.Chunk chunk; // reading thread only
  private long acceptAgainNanos; // reading thread only
  private int connections; // reading thread only
  private long partialBytes; // reading thread only

  private volatile boolean closing;
  private volatile String lastError = "";
  private final AtomicLong resumes = new AtomicLong();
  private final AtomicLong pauses = new AtomicLong();
  private final AtomicLong chunks = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong connects = new AtomicLong();
  private final AtomicLong lostMessages = new AtomicLong();
  private final AtomicLong lostBytes = new AtomicLong();
  private final AtomicInteger peers = new AtomicInteger();

  /** Binds to the first address of the host that can be bound; blocks for name resolution. */
  PosixInput(
      String name,
      PosixParameters parameters,
      Resolver resolver,
      Link.Factory links,
      InputSink sink)
      throws IOException {
    this.parameters = parameters;
    this.links = links;
    this.sink = sink;
    this.pool = new ChunkPool(parameters.chunkBytes());
    this.chunk = pool.take();
    this.listener = Addresses.listen(parameters, resolver);
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
    this.thread = new Thread(this, "stream-" + parameters.type() + "-in-" + name);
    this.thread.setDaemon(true);
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
        selector.select(this::serve, waitMs());
        dropStrangers();
      }
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("{} input on port {} failed", parameters.type(), boundPort, e);
      sink.failed(parameters.type() + " input on port " + boundPort + " failed: " + e);
    } finally {
      closeAll();
    }
  }

  private long waitMs() {
    long acceptMs = acceptWaitMs();
    if (strangers.isEmpty()) {
      return acceptMs;
    }
    return acceptMs == 0 ? STRANGER_LOOK_MS : Math.min(acceptMs, STRANGER_LOOK_MS);
  }

  /** Ends those that have not come to terms in time; the first in line is the first to go. */
  private void dropStrangers() {
    for (SelectionKey key = strangers.peek(); key != null; key = strangers.peek()) {
      Peer peer = (Peer) key.attachment();
      if (key.isValid() && !peer.greeted) {
        if (System.nanoTime() - peer.greetUntilNanos < 0) {
          return;
        }
        drop(key, peer, "no handshake within " + parameters.handshakeTimeoutMs() + " ms");
      }
      strangers.remove();
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
      read(key, (Peer) key.attachment());
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
    if (connections >= parameters.maxPeers()) {
      rejected.incrementAndGet();
      problem("more than " + parameters.maxPeers() + " peers: connection refused");
      closeQuietly(channel);
      return;
    }
    SelectionKey key;
    Peer peer;
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      String address = Addresses.text(channel.getRemoteAddress());
      peer = new Peer(links.link(channel), address, parameters);
      key = channel.register(selector, SelectionKey.OP_READ, peer);
    } catch (IOException e) { // gone again
      problem("new peer: " + e.getMessage());
      closeQuietly(channel);
      return;
    }
    connections++;
    read(key, peer);
    if (!peer.greeted && key.isValid()) {
      strangers.add(key);
    }
  }

  /** True as soon as the two sides have come to terms; at once without TLS. */
  private boolean greet(Peer peer) throws IOException {
    if (!peer.greeted && peer.link.handshake()) {
      peer.greeted = true;
      peers.incrementAndGet();
      connects.incrementAndGet();
      peer.id = sink.peerUp(peer.address);
    }
    return peer.greeted;
  }

  private void read(SelectionKey key, Peer peer) {
    String end = null;
    try {
      if (greet(peer)) {
        boolean over = peer.link.read(chunk.bytes) < 0 || peer.link.inputEnded();
        end = over ? CLOSED : null;
      }
    } catch (IOException e) {
      end = words(e);
    }
    if (chunk.bytes.position() > 0) { // also what came before the end or the fault
      try {
        deliver(peer);
      } catch (IOException e) {
        chunk.bytes.clear();
        end = words(e);
      }
    }
    int ops = peer.link.interestOps();
    if (end != null) {
      drop(key, peer, end);
    } else if (key.interestOps() != ops) {
      key.interestOps(ops);
    }
  }

  private static String words(IOException cause) {
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  /** Hands over what the chunk holds, and leaves an empty one. */
  private void deliver(Peer peer) throws IOException {
    ByteBuffer filled = chunk.bytes.flip();
    if (peer.frames != null) {
      cut(peer, filled);
      filled.clear();
    } else if (filled.limit() >= filled.capacity() / 2) {
      Runnable release = chunk.release;
      chunk = pool.take();
      handOver(peer, filled, release);
    } else {
      byte[] exact = new byte[filled.limit()];
      filled.get(exact).clear();
      handOver(peer, ByteBuffer.wrap(exact), null);
    }
  }

  private void cut(Peer peer, ByteBuffer filled) throws IOException {
    partialBytes -= peer.heldBytes();
    try {
      ByteBuffer message = peer.frames.next(filled);
      while (message != null) {
        handOver(peer, message, null);
        message = peer.frames.next(filled);
      }
    } finally {
      partialBytes += peer.heldBytes();
    }
    if (partialBytes > parameters.partialBytes()) {
      throw new IOException(
          "incomplete messages of all peers exceed " + parameters.partialBytes() + " bytes");
    }
  }

  private void handOver(Peer peer, ByteBuffer data, Runnable release) {
    chunks.incrementAndGet();
    bytes.addAndGet(data.remaining());
    long resumesBefore = resumes.get();
    if (!sink.data(peer.id, data, release)) {
      pauses.incrementAndGet();
      while (resumes.get() == resumesBefore && !closing) {
        LockSupport.park(this);
      }
    }
  }

  private void drop(SelectionKey key, Peer peer, String end) {
    closeQuietly(peer.link);
    key.cancel();
    connections--;
    partialBytes -= peer.heldBytes();
    String cause = end;
    if (peer.begunBytes() >= 0) {
      cause += " within a message";
      lostMessages.incrementAndGet();
      lostBytes.addAndGet(peer.begunBytes());
    }
    if (!cause.equals(CLOSED)) {
      problem((peer.greeted ? "peer " + peer.id : peer.address) + ": " + cause);
    }
    if (peer.greeted) {
      peers.decrementAndGet();
      sink.peerDown(peer.id, cause);
    } else {
      rejected.incrementAndGet();
    }
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
        LOG.warn("{} input on port {} is still closing", parameters.type(), boundPort);
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
      if (key.isValid() && key.attachment() instanceof Peer peer) {
        peer.closeWithFin(chunk.bytes);
        peers.addAndGet(peer.greeted ? -1 : 0);
      }
    }
    try {
      listener.close();
      selector.close(); // only now are the descriptors closed and the port is free
    } catch (IOException e) {
      LOG.warn("closing the listener on port {}", boundPort, e);
    }
  }

  private void problem(String cause) {
    if (!cause.equals(lastError)) {
      LOG.info("{} input on port {}: {}", parameters.type(), boundPort, cause);
    }
    lastError = cause;
  }

  private static void closeQuietly(Channel channel) {
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
        lostMessages.get(),
        lostBytes.get(),
        connects.get(),
        connects.get() - up,
        up,
        pauses.get(),
        lastError);
  }
}
