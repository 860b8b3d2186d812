/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.OutputSink;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.ToyTransport.Flaw;

/** The sending half of {@link ToyTransport}. */
final class ToyOutput implements TransportOutput {
  private static final long QUEUE_BYTES = 6L * ToyTransport.LONGEST_MESSAGE;

  private final ToyTransport transport;
  private final int port;
  private final OutputSink sink;
  private final Deque<ByteBuffer> queue = new ArrayDeque<>();
  private final Thread thread = new Thread(this::run, "toy-out");
  private long queuedBytes;
  private long sentMessages;
  private long sentBytes;
  private long rejected;
  private long connects;
  private long disconnects;
  private boolean closing;
  private long deadlineNanos;
  private CloseResult result;

  ToyOutput(ToyTransport transport, int port, OutputSink sink) {
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

  @Override
  public synchronized StreamResult offer(ByteBuffer message) {
    int length = message.remaining();
    if (closing) {
      return has(Flaw.TAKES_MESSAGES_AFTER_CLOSE) ? StreamResult.OK : StreamResult.ERROR;
    }
    StreamResult refusal = refusal(length);
    if (refusal != StreamResult.OK) {
      rejected++;
      return has(Flaw.DROPS_WHEN_FULL) && refusal == StreamResult.ERROR ? StreamResult.OK : refusal;
    }
    ByteBuffer copy = message.duplicate();
    if (!has(Flaw.KEEPS_THE_BUFFER)) {
      copy = ByteBuffer.allocate(length).put(copy).flip();
    }
    if (has(Flaw.MOVES_THE_POSITION)) {
      message.position(message.limit());
    }
    if (has(Flaw.LOSES_ORDER)) {
      queue.addFirst(copy);
    } else {
      queue.addLast(copy);
    }
    queuedBytes += length;
    return StreamResult.OK;
  }

  private StreamResult refusal(int length) {
    if (length > ToyTransport.LONGEST_MESSAGE) {
      return has(Flaw.TOO_BIG_IS_AN_ERROR) ? StreamResult.ERROR : StreamResult.TOOBIG;
    }
    if (queuedBytes + length > QUEUE_BYTES) {
      return StreamResult.ERROR;
    }
    boolean granted = has(Flaw.IGNORES_THE_BUDGET) || sink.budget().take(length);
    return granted ? StreamResult.OK : StreamResult.NOMEM;
  }

  private void run() {
    while (!isDone()) {
      ToyInput input = transport.at(port);
      if (input == null || !input.isOpen()) {
        LockSupport.parkNanos(100_000);
      } else {
        sendTo(input);
      }
    }
    giveUp();
  }

  private void sendTo(ToyInput input) {
    long theirs = input.connect();
    long ours = sink.peerUp("an input");
    count(1, 0);
    while (!isDone() && input.isOpen()) {
      ByteBuffer next = next();
      if (next != null && put(input, theirs, next)) {
        sent(next);
      } else {
        LockSupport.parkNanos(100_000);
      }
    }
    input.disconnect(theirs);
    sink.peerDown(ours, "closed");
    count(0, 1);
  }

  private boolean put(ToyInput input, long peerId, ByteBuffer message) {
    byte[] bytes = new byte[message.remaining()];
    message.get(message.position(), bytes);
    if (bytes.length == 0 && has(Flaw.DROPS_EMPTY_MESSAGES)) {
      return true;
    }
    if (bytes.length == 1 || !has(Flaw.CUTS_MESSAGES)) {
      return input.put(peerId, bytes);
    }
    int half = bytes.length / 2;
    return input.put(peerId, Arrays.copyOf(bytes, half))
        && input.put(peerId, Arrays.copyOfRange(bytes, half, bytes.length));
  }

  private synchronized ByteBuffer next() {
    return queue.peekFirst();
  }

  private synchronized void sent(ByteBuffer message) {
    queue.remove(message);
    queuedBytes -= message.remaining();
    sentBytes += message.remaining() + (has(Flaw.MISCOUNTS) ? 1 : 0);
    sentMessages++;
    giveBack(message.remaining());
  }

  private void giveBack(long bytes) {
    if (!has(Flaw.IGNORES_THE_BUDGET) && !has(Flaw.KEEPS_THE_MEMORY)) {
      sink.budget().giveBack(bytes);
    }
  }

  private synchronized void count(int up, int down) {
    connects += up;
    disconnects += down;
  }

  private synchronized boolean isDone() {
    boolean inTime = !has(Flaw.GIVES_UP_AT_ONCE) && System.nanoTime() - deadlineNanos < 0;
    return closing && (queue.isEmpty() || !inTime);
  }

  private synchronized void giveUp() {
    StreamResult how = queue.isEmpty() ? StreamResult.OK : StreamResult.TIMEDOUT;
    result =
        has(Flaw.HIDES_LOSS)
            ? new CloseResult(StreamResult.OK, 0, 0)
            : new CloseResult(how, queue.size(), queuedBytes);
    giveBack(queuedBytes);
    queue.clear();
    queuedBytes = 0;
  }

  @Override
  public CloseResult close(long flushTimeoutMs) {
    synchronized (this) {
      if (!closing) {
        deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(flushTimeoutMs);
        closing = true;
      }
    }
    while (thread.isAlive()) {
      Thread.onSpinWait();
    }
    synchronized (this) {
      return result;
    }
  }

  @Override
  public synchronized StreamStatistics statistics() {
    int up = (int) (connects - disconnects);
    return new StreamStatistics(
        sentMessages,
        sentBytes,
        queue.size(),
        queuedBytes,
        rejected,
        0,
        0,
        connects,
        disconnects,
        up,
        0,
        "");
  }
}
