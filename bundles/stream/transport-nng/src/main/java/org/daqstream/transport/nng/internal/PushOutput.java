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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.daqstream.socket.support.ProblemLog;
import org.daqstream.socket.support.StreamThread;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.OutputSink;
import org.daqstream.stream.api.spi.TransportOutput;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pusher: one thread dials its addresses, again for as long as the stream is open, and deals the
 * queued messages to the pullers that are up, one to each in turn, passing over those that take no
 * more at the moment. A message begun on a connection that breaks is lost and counted; the others
 * that were meant for it go to the next.
 */
final class PushOutput implements TransportOutput, StreamThread, Dialler.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(PushOutput.class);

  private static final int CLOSE_GRACE_MS = 100;
  private static final int STAGING_BYTES = 64 * 1024;

  /** How often to send before looking at what else the channels have. */
  private static final int ROUNDS = 16;

  private final String name;
  private final OutputSink sink;
  private final Selector selector;
  private final FrameQueue queue;
  private final Thread thread;
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private final CountDownLatch flushed = new CountDownLatch(1);

  // Sending thread only.
  private final List<Dialler> diallers = new ArrayList<>();
  private final List<PushPipe> pipes = new ArrayList<>();
  private final FrameList ready = new FrameList();
  private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES);
  private final Consumer<SelectionKey> serve = this::serve;
  private int turn;
  private final Set<Dialler> failed = new HashSet<>();

  private volatile boolean closing;
  private volatile long deadlineNanos;
  private volatile CloseResult closeResult;
  private final AtomicLong connects = new AtomicLong();
  private final AtomicLong disconnects = new AtomicLong();
  private volatile String lastError = "";
  private final ProblemLog problems = new ProblemLog(this::say, System::nanoTime);

  PushOutput(
      String name,
      List<SpAddress> addresses,
      NngParameters parameters,
      Resolver resolver,
      OutputSink sink)
      throws IOException {
    this.name = name;
    this.sink = sink;
    this.selector = Selector.open();
    this.queue =
        new FrameQueue(
            addresses.get(0).isIpc(),
            parameters.queueMessages(),
            parameters.queueBytes(),
            selector::wakeup,
            sink.budget());
    for (SpAddress address : addresses) {
      diallers.add(new Dialler(address, parameters, resolver, selector, this));
    }
    if (parameters.lazy()) {
      opened.complete(null);
    }
    this.thread = new Thread(this::run, "stream-nng-out-" + name);
    this.thread.setDaemon(true);
  }

  /**
   * Starts dialling and waits, unless lazy, for the first address that answers.
   *
   * @throws StreamException when none does; the output is closed then
   */
  @Override
  public void start() throws StreamException {
    thread.start();
    try {
      opened.get();
    } catch (ExecutionException e) {
      close(0);
      throw new StreamException(StreamResult.ERROR, e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      close(0);
      Thread.currentThread().interrupt();
      throw new StreamException(StreamResult.ERROR, "interrupted while dialling", e);
    }
  }

  @Override
  public StreamResult offer(ByteBuffer message) {
    return queue.offer(message);
  }

  private void run() {
    try {
      int rounds = 0;
      while (!finished()) {
        if (send() && ++rounds < ROUNDS) {
          continue;
        }
        waitOrLook(rounds == ROUNDS);
        rounds = 0;
      }
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("nng output {} failed", name, e);
      lastError = e.toString();
      sink.failed("nng output failed: " + e);
    } finally {
      finish();
    }
  }

  /** One turn of dealing and writing; whether anything was written. */
  private boolean send() {
    if (pipes.isEmpty()) {
      return false;
    }
    queue.takeAll(ready);
    deal();
    boolean wrote = false;
    for (int i = pipes.size() - 1; i >= 0; i--) {
      PushPipe pipe = pipes.get(i);
      try {
        wrote |= pipe.write(queue, staging);
      } catch (IOException e) {
        drop(pipe, e.getMessage());
      }
    }
    return wrote;
  }

  private void deal() {
    int passedOver = 0;
    while (!ready.isEmpty() && passedOver < pipes.size()) {
      turn = turn + 1 < pipes.size() ? turn + 1 : 0;
      PushPipe pipe = pipes.get(turn);
      if (pipe.hasRoom()) {
        pipe.claim(ready.removeFirst());
        passedOver = 0;
      } else {
        passedOver++;
      }
    }
  }

  private void waitOrLook(boolean busy) throws IOException {
    long nowNanos = System.nanoTime();
    long idleNanos = Long.MAX_VALUE;
    for (Dialler dialler : diallers) {
      dialler.advance(nowNanos);
      idleNanos = Math.min(idleNanos, dialler.idleNanos(nowNanos));
    }
    if (closing) {
      idleNanos = Math.min(idleNanos, deadlineNanos - nowNanos);
    }
    if (busy || idleNanos <= 0 || !mayWait()) {
      selector.selectNow(serve);
    } else {
      long idleMs = idleNanos == Long.MAX_VALUE ? 0 : TimeUnit.NANOSECONDS.toMillis(idleNanos) + 1;
      selector.select(serve, idleMs);
    }
  }

  /** Whether new messages wake this thread, or could not be sent anyway. */
  private boolean mayWait() {
    for (PushPipe pipe : pipes) {
      if (pipe.hasRoom()) {
        return queue.rest();
      }
    }
    return true;
  }

  private void serve(SelectionKey key) {
    if (key.attachment() instanceof Dialler dialler) {
      dialler.ready(System.nanoTime());
    } else if (key.attachment() instanceof PushPipe pipe && key.isValid()) {
      try {
        if (key.isReadable() && !pipe.discard(staging)) {
          drop(pipe, "closed by peer");
        } else if (key.isWritable()) {
          pipe.writable();
        }
      } catch (IOException e) {
        drop(pipe, e.getMessage());
      }
    }
  }

  @Override
  public void connected(Dialler dialler, SocketChannel channel, SelectionKey key, String peer) {
    connects.incrementAndGet();
    PushPipe pipe = new PushPipe(dialler, channel, key, sink.peerUp(peer), windowBytes());
    key.attach(pipe);
    pipes.add(pipe);
    opened.complete(null);
  }

  private int windowBytes() {
    return diallers.size() == 1 ? PushPipe.SOLE_WINDOW_BYTES : PushPipe.SHARED_WINDOW_BYTES;
  }

  @Override
  public void failed(Dialler dialler, String cause, boolean reached) {
    String problem = dialler.address().url() + ": " + cause;
    if (!problem.equals(lastError)) {
      problems.say(problem);
      lastError = problem;
    }
    if (reached) {
      opened.complete(null);
    } else if (failed.add(dialler) && failed.size() == diallers.size()) {
      opened.completeExceptionally(new IOException(problem));
    }
  }

  private void say(String problem) {
    LOG.info("nng output {}: {}", name, problem);
  }

  private void drop(PushPipe pipe, String cause) {
    pipes.remove(pipe);
    pipe.giveBack(queue, ready);
    pipe.close(staging);
    pipe.dialler.down(System.nanoTime());
    disconnects.incrementAndGet();
    sink.peerDown(pipe.peerId, cause);
  }

  /** Whether the stream is closing and there is nothing left to do or no time to do it. */
  private boolean finished() {
    return closing && (queue.isEmpty() || System.nanoTime() - deadlineNanos >= 0);
  }

  private void finish() {
    opened.completeExceptionally(new IOException("closed while dialling"));
    for (PushPipe pipe : pipes) {
      pipe.giveBack(queue, ready);
    }
    queue.giveUp();
    flushed.countDown();
    for (PushPipe pipe : pipes) {
      pipe.close(staging);
      disconnects.incrementAndGet();
      sink.peerDown(pipe.peerId, "closed");
    }
    diallers.forEach(Dialler::close);
    try {
      selector.close();
    } catch (IOException e) {
      LOG.debug("closing the selector", e);
    }
  }

  @Override
  public CloseResult close(long requestedTimeoutMs) {
    long flushTimeoutMs = Math.min(requestedTimeoutMs, Integer.MAX_VALUE); // no overflow in ns
    StreamStatistics before;
    synchronized (this) {
      if (closing) {
        CloseResult first = closeResult;
        return first != null ? first : new CloseResult(StreamResult.OK, 0, 0);
      }
      before = statistics();
      deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(flushTimeoutMs);
      closing = true;
    }
    queue.close();
    if (Thread.currentThread() != thread) {
      await(flushTimeoutMs);
    }
    StreamStatistics after = statistics();
    long lostMessages = after.lostMessages() - before.lostMessages() + after.queuedMessages();
    long lostBytes = after.lostBytes() - before.lostBytes() + after.queuedBytes();
    closeResult =
        new CloseResult(
            lostMessages > 0 ? StreamResult.TIMEDOUT : StreamResult.OK, lostMessages, lostBytes);
    return closeResult;
  }

  private void await(long flushTimeoutMs) {
    try {
      if (!flushed.await(flushTimeoutMs + CLOSE_GRACE_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("nng output {} is still closing", name);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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

  @Override
  public StreamStatistics statistics() {
    return queue.statistics(connects.get(), disconnects.get(), lastError);
  }
}
