/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.InputSink;
import org.daqstream.stream.api.spi.TransportInput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A puller: one thread accepts any number of pushers and reads from each in turn. Whatever happens
 * to one of them ends that one only. While the module's queue is full the thread rests, nothing is
 * accepted or read, and the network slows the pushers down.
 */
final class PullInput implements TransportInput, Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(PullInput.class);

  private static final int RUBBISH_BYTES = 16 * 1024;
  private static final int ACCEPT_COOL_DOWN_MS = 100;
  private static final int CLOSE_WAIT_MS = 1000;

  private final String url;
  private final NngParameters parameters;
  private final InputSink sink;
  private final ListenSocket listener;
  private final int boundPort;
  private final Selector selector;
  private final SelectionKey listenerKey;
  private final Thread thread;

  // Reading thread only.
  private final ReadChunks chunks = new ReadChunks();
  private final ByteBuffer rubbish = ByteBuffer.allocateDirect(RUBBISH_BYTES);
  private final MessageBuffers buffers = new MessageBuffers();
  private final FrameDecoder.Partials partials;
  private final Set<PullPipe> greeting = new LinkedHashSet<>(); // the oldest first
  private final Consumer<SelectionKey> serve = this::serve;
  private final PullPipe.Inbox inbox = this::handOver;
  private long acceptAgainNanos;

  private volatile boolean closing;
  private volatile String lastError = "";
  private final AtomicLong resumes = new AtomicLong();
  private final AtomicLong pauses = new AtomicLong();
  private final AtomicLong messages = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong lostMessages = new AtomicLong();
  private final AtomicLong lostBytes = new AtomicLong();
  private final AtomicLong connects = new AtomicLong();
  private final AtomicInteger peers = new AtomicInteger();

  /** Binds; blocks for name resolution. */
  PullInput(
      String name, SpAddress address, NngParameters parameters, Resolver resolver, InputSink sink)
      throws IOException {
    this.url = address.url();
    this.parameters = parameters;
    this.sink = sink;
    this.partials = new FrameDecoder.Partials(parameters.partialBytes());
    this.listener = ListenSocket.bind(address, resolver);
    Selector opened = null;
    try {
      this.boundPort = listener.boundPort();
      opened = Selector.open();
      this.selector = opened;
      this.listenerKey = listener.channel().register(selector, SelectionKey.OP_ACCEPT);
    } catch (IOException e) {
      listener.close();
      Channels.closeQuietly(opened);
      throw e;
    }
    this.thread = new Thread(this, "stream-nng-in-" + name);
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
        selector.select(serve, dueMs());
        dismissSilent();
      }
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("{} failed", thread.getName(), e);
      sink.failed("nng input failed: " + e);
    } finally {
      closeAll();
    }
  }

  /**
   * How long there is nothing to do unless a channel is ready; 0 for ever. After an accept that
   * failed, for example for want of descriptors, the listener rests a while.
   */
  private long dueMs() {
    long nowNanos = System.nanoTime();
    long dueNanos = Long.MAX_VALUE;
    if (acceptAgainNanos != 0) {
      dueNanos = acceptAgainNanos - nowNanos;
      if (dueNanos <= 0) {
        acceptAgainNanos = 0;
        listenerKey.interestOps(SelectionKey.OP_ACCEPT);
        dueNanos = Long.MAX_VALUE;
      }
    }
    if (!greeting.isEmpty()) {
      long oldestNanos = greeting.iterator().next().greetUntilNanos - nowNanos;
      dueNanos = Math.min(dueNanos, Math.max(0, oldestNanos));
    }
    return dueNanos == Long.MAX_VALUE ? 0 : TimeUnit.NANOSECONDS.toMillis(dueNanos) + 1;
  }

  private void dismissSilent() {
    long nowNanos = System.nanoTime();
    while (!greeting.isEmpty()) {
      PullPipe oldest = greeting.iterator().next();
      if (oldest.greetUntilNanos - nowNanos > 0) {
        return;
      }
      drop(oldest, "no greeting in time");
    }
  }

  private void serve(SelectionKey key) {
    if (closing) {
      return;
    }
    if (key == listenerKey) {
      accept();
    } else if (key.isValid()) {
      read((PullPipe) key.attachment());
    }
  }

  private void accept() {
    SocketChannel channel = null;
    try {
      channel = listener.channel().accept();
      if (channel != null && hasRoom()) {
        welcome(channel);
        return;
      }
    } catch (IOException e) {
      problem("accept: " + e.getMessage());
      listenerKey.interestOps(0);
      acceptAgainNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ACCEPT_COOL_DOWN_MS);
    }
    Channels.closeQuietly(channel);
  }

  /** When there are too many connections, the one that has been silent the longest gives way. */
  private boolean hasRoom() {
    if (peers.get() + greeting.size() < parameters.maxPeers()) {
      return true;
    }
    String cause = "more than " + parameters.maxPeers() + " connections";
    if (greeting.isEmpty()) {
      rejected.incrementAndGet();
      problem(cause);
      return false;
    }
    drop(greeting.iterator().next(), cause);
    return true;
  }

  private void welcome(SocketChannel channel) {
    try {
      Channels.prepare(channel);
      Channels.greet(channel, Greeting.PULL);
      SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
      long waitNanos = TimeUnit.MILLISECONDS.toNanos(parameters.handshakeTimeoutMs());
      PullPipe pipe =
          new PullPipe(
              channel,
              key,
              listener.isIpc() ? url : Addresses.text(channel.getRemoteAddress()),
              System.nanoTime() + waitNanos,
              new FrameDecoder(listener.isIpc(), parameters.maxMessageBytes(), buffers, partials),
              inbox);
      key.attach(pipe);
      greeting.add(pipe);
    } catch (IOException e) { // gone again
      rejected.incrementAndGet();
      problem("new connection: " + e.getMessage());
      Channels.closeQuietly(channel);
    }
  }

  private void read(PullPipe pipe) {
    try {
      if (!pipe.isGreeted()) {
        if (pipe.readGreeting()) {
          greeting.remove(pipe);
          peers.incrementAndGet();
          connects.incrementAndGet();
          pipe.greeted(sink.peerUp(pipe.address));
        }
      } else if (!pipe.read(chunks)) {
        drop(pipe, "closed by peer");
      }
    } catch (IOException e) {
      drop(pipe, e.getMessage());
    } catch (OutOfMemoryError e) {
      drop(pipe, "no memory for a message");
    }
  }

  private void handOver(PullPipe pipe, ByteBuffer message, Runnable release, boolean more) {
    if (closing) {
      return; // the sink would ignore it
    }
    messages.incrementAndGet();
    bytes.addAndGet(message.remaining());
    long resumesBefore = resumes.get();
    if (!sink.data(pipe.peerId(), message, release, more)) {
      pauses.incrementAndGet();
      while (resumes.get() == resumesBefore && !closing) {
        LockSupport.park(this);
      }
    }
  }

  private void drop(PullPipe pipe, String cause) {
    long unfinishedBytes = pipe.close(rubbish);
    if (unfinishedBytes >= 0) {
      lostMessages.incrementAndGet();
      lostBytes.addAndGet(unfinishedBytes);
    }
    if (pipe.isGreeted()) {
      peers.decrementAndGet();
      sink.peerDown(pipe.peerId(), cause);
    } else {
      greeting.remove(pipe);
      rejected.incrementAndGet();
    }
    if (!cause.equals("closed by peer")) {
      problem(pipe.address + ": " + cause);
    }
  }

  private void problem(String cause) {
    if (!cause.equals(lastError)) {
      LOG.info("{}: {}", thread.getName(), cause);
      lastError = cause;
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
        LOG.warn("{} is still closing", thread.getName());
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
      if (key.isValid() && key.attachment() instanceof PullPipe pipe) {
        pipe.close(rubbish);
        if (pipe.isGreeted()) {
          peers.decrementAndGet();
        }
      }
    }
    try {
      listener.close();
      selector.close(); // only now are the descriptors closed and the port is free
    } catch (IOException e) {
      LOG.warn("closing {}", thread.getName(), e);
    }
  }

  @Override
  public StreamStatistics statistics() {
    int up = peers.get();
    return new StreamStatistics(
        messages.get(),
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
