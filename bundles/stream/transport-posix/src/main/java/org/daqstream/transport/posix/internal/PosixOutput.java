/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.daqstream.socket.support.Addresses;
import org.daqstream.socket.support.Backoff;
import org.daqstream.socket.support.ProblemLog;
import org.daqstream.socket.support.StreamThread;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.OutputSink;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.transport.support.OutgoingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A dialler: one thread connects, and connects again for as long as the stream is open, and sends
 * what is queued. What the peer sends is read and thrown away, so that closing never turns into a
 * reset; a peer that ends its side counts as gone. A message begun on a broken connection is lost
 * and counted, the next connection starts with the first byte of the next one.
 */
final class PosixOutput implements TransportOutput, StreamThread {

  private static final Logger LOG = LoggerFactory.getLogger(PosixOutput.class);

  /** A connection that lasted so long is a good one: the back-off starts anew after it. */
  private static final long GOOD_CONNECTION_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** In front of each framed message. */
  private static final ThreadLocal<ByteBuffer> LENGTH =
      ThreadLocal.withInitial(() -> ByteBuffer.allocate(FrameReader.HEADER_BYTES));

  private static final int MOST_DISCARDS = 16;
  private static final int LINGER_MS = 250;
  private static final int CLOSE_GRACE_MS = 100;

  private final PosixParameters parameters;
  private final OutputSink sink;
  private final Selector selector;
  private final Dialler dialler;
  private final Backoff backoff;
  private final OutgoingQueue queue;
  private final Thread thread;
  private final CountDownLatch flushed = new CountDownLatch(1);
  private final ByteBuffer rubbish = ByteBuffer.allocateDirect(Link.READ_BYTES); // sending thread
  private boolean peerSpoke; // sending thread only

  private volatile boolean closing;
  private volatile long deadlineNanos;
  private volatile CloseResult closeResult;
  private final AtomicLong connects = new AtomicLong();
  private final AtomicLong disconnects = new AtomicLong();
  private final AtomicLong tooBig = new AtomicLong();
  private volatile long lostMessages;
  private volatile long lostBytes;
  private volatile String lastError = "";
  private final ProblemLog problems = new ProblemLog(this::say, System::nanoTime);

  PosixOutput(
      String name,
      PosixParameters parameters,
      Resolver resolver,
      Link.Factory links,
      OutputSink sink)
      throws IOException {
    this.parameters = parameters;
    this.sink = sink;
    this.selector = Selector.open();
    this.dialler = new Dialler(parameters, resolver, links, selector, this::finished);
    this.backoff = new Backoff(parameters.backoffMaxMs(), RandomGenerator.getDefault());
    this.queue =
        new OutgoingQueue(
            parameters.queueMessages(), parameters.queueBytes(), selector::wakeup, sink.budget());
    this.thread = new Thread(this::run, "stream-" + parameters.type() + "-out-" + name);
    this.thread.setDaemon(true);
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public StreamResult offer(ByteBuffer message) {
    if (!parameters.framed()) {
      return queue.offer(null, message);
    }
    if (message.remaining() > parameters.maxMessageBytes()) {
      tooBig.incrementAndGet();
      return StreamResult.TOOBIG;
    }
    return queue.offer(LENGTH.get().putInt(0, message.remaining()), message);
  }

  private void run() {
    try {
      while (!finished()) {
        connectAndSend();
      }
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("{} failed", thread.getName(), e);
      sink.failed(parameters.type() + " output to " + parameters.target() + " failed: " + e);
    } finally {
      countLoss(queue.giveUp());
      flushed.countDown();
      closeQuietly(selector);
    }
  }

  private void connectAndSend() throws IOException {
    Link link;
    try {
      link = dialler.connect();
    } catch (IOException e) {
      failedWith(parameters.target() + ": " + e.getMessage());
      waitMs(backoff.nextMs());
      return;
    }
    if (link == null) {
      return; // closing
    }
    long sinceNanos = System.nanoTime();
    String address = Addresses.text(link.socket().getRemoteAddress());
    long peerId = sink.peerUp(address);
    connects.incrementAndGet();
    String cause;
    try (link) {
      cause = send(link);
    } catch (IOException e) {
      cause = e.getMessage();
      failedWith(address + ": " + cause);
    }
    countLoss(queue.dropBegun());
    disconnects.incrementAndGet();
    sink.peerDown(peerId, cause);
    if (System.nanoTime() - sinceNanos >= GOOD_CONNECTION_NANOS) {
      backoff.reset();
    }
    waitMs(backoff.nextMs());
  }

  /** Sends until the connection breaks, which throws, or there is a cause to end it. */
  private String send(Link link) throws IOException {
    SocketChannel channel = link.socket();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    peerSpoke = link.isDialogue();
    SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
    if (!discard(link)) {
      return "closed by peer";
    }
    while (true) {
      if (queue.writeTo(link) == 0) {
        boolean empty = queue.isEmpty();
        if (finished()) {
          return finish(link, empty);
        }
        if (empty && !queue.rest()) {
          continue;
        }
        key.interestOps(
            empty ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        selector.select(ready -> {}, closing ? Math.max(1, remainingMs()) : 0);
        if (key.isReadable() && !discard(link)) {
          return "closed by peer";
        }
      }
    }
  }

  /** Everything is with the kernel, or time is up: FIN, and no reset for a peer that talks. */
  private String finish(Link link, boolean empty) throws IOException {
    countLoss(queue.giveUp());
    flushed.countDown();
    boolean open = discard(link);
    if (peerSpoke && open) {
      link.shutdownOutput();
      long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LINGER_MS);
      long leftMs = LINGER_MS;
      while (leftMs > 0 && discard(link)) {
        selector.select(ready -> {}, leftMs);
        leftMs = TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime());
      }
    }
    return empty ? "closed" : "closed at the flush deadline";
  }

  /** Reads what the peer sent, as far as that does not keep this thread, and forgets it. */
  private boolean discard(Link link) throws IOException {
    int count = 0;
    for (int i = 0; i == 0 || (i < MOST_DISCARDS && count == rubbish.capacity()); i++) {
      rubbish.clear();
      count = link.read(rubbish);
      peerSpoke |= count > 0;
    }
    return count >= 0 && !link.inputEnded();
  }

  /** Whether the stream is closing and there is nothing left to do or no time to do it. */
  private boolean finished() {
    return closing && (queue.isEmpty() || remainingMs() <= 0);
  }

  private long remainingMs() {
    return TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
  }

  private void waitMs(int waitMs) throws IOException {
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
    long leftMs = waitMs;
    while (leftMs > 0 && !finished()) {
      selector.select(closing ? Math.max(1, Math.min(leftMs, remainingMs())) : leftMs);
      leftMs = TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime());
    }
  }

  @Override
  public CloseResult close(long requestedTimeoutMs) {
    long flushTimeoutMs = Math.min(requestedTimeoutMs, Integer.MAX_VALUE); // no overflow in ns
    long lostMessagesBefore;
    long lostBytesBefore;
    synchronized (this) {
      if (closing) {
        CloseResult first = closeResult;
        return first != null ? first : new CloseResult(StreamResult.OK, 0, 0);
      }
      lostMessagesBefore = lostMessages;
      lostBytesBefore = lostBytes;
      deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(flushTimeoutMs);
      closing = true;
    }
    queue.close();
    selector.wakeup();
    if (!await(flushTimeoutMs + CLOSE_GRACE_MS)) {
      countLoss(queue.giveUp()); // its thread is held up, for example by name resolution
    }
    long lost = lostMessages - lostMessagesBefore;
    closeResult =
        new CloseResult(
            lost > 0 ? StreamResult.TIMEDOUT : StreamResult.OK, lost, lostBytes - lostBytesBefore);
    return closeResult;
  }

  private boolean await(long timeoutMs) {
    if (Thread.currentThread() == thread) {
      return false; // it has failed
    }
    try {
      return flushed.await(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void giveUp() {
    close(0);
  }

  @Override
  public Thread thread() {
    return thread;
  }

  private synchronized void countLoss(OutgoingQueue.Loss loss) {
    lostMessages += loss.messages();
    lostBytes += loss.bytes();
  }

  private void say(String problem) {
    LOG.info("{}: {}", thread.getName(), problem);
  }

  private void failedWith(String cause) {
    if (!cause.equals(lastError)) {
      problems.say(cause);
      lastError = cause;
    }
  }

  private static void closeQuietly(Selector selector) {
    try {
      selector.close();
    } catch (IOException e) {
      LOG.debug("closing the selector", e);
    }
  }

  @Override
  public StreamStatistics statistics() {
    long down = disconnects.get();
    long up = connects.get();
    long sent = queue.sentMessages();
    return new StreamStatistics(
        sent,
        queue.sentBytes() - (parameters.framed() ? sent * FrameReader.HEADER_BYTES : 0),
        queue.queuedMessages(),
        queue.queuedBytes(),
        queue.rejected() + tooBig.get(),
        lostMessages,
        lostBytes,
        up,
        down,
        (int) Math.max(0, up - down),
        0,
        lastError);
  }
}
