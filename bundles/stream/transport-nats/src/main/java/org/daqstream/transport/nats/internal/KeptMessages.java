/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.SendBudget;

/**
 * Messages of an output from their acceptance until the server has them: first they wait, then they
 * are under way, in the same order. Bounded in messages and bytes of both together. Any thread
 * offers and settles; one thread takes and decides what becomes of those under way at a break.
 */
final class KeptMessages {
  /** What a message costs besides its bytes, about. */
  private static final int OVERHEAD_BYTES = 96;

  /** One message. */
  static final class Kept {
    final byte[] bytes;

    /** Counts up from 1 within the output. */
    final long number;

    /** When it was taken to be sent, a {@link System#nanoTime}. */
    volatile long takenNanos;

    private boolean settled;
    private boolean failed;

    private Kept(byte[] bytes, long number) {
      this.bytes = bytes;
      this.number = number;
    }
  }

  private final int limitMessages;
  private final long limitBytes;
  private final SendBudget budget;
  private final ArrayDeque<Kept> waiting = new ArrayDeque<>();
  private final ArrayDeque<Kept> underWay = new ArrayDeque<>();
  private long accepted;
  private int queuedMessages;
  private long queuedBytes;
  private long underWayBytes;
  private int unsettled; // of those under way
  private int failures; // of those under way
  private long sentMessages;
  private long sentBytes;
  private long lostMessages;
  private long lostBytes;
  private long rejected;
  private boolean closed;

  KeptMessages(int limitMessages, long limitBytes, SendBudget budget) {
    this.limitMessages = limitMessages;
    this.limitBytes = limitBytes;
    this.budget = budget;
  }

  /** Keeps a copy; the buffer's position stays. OK, ERROR (full or closed), TOOBIG or NOMEM. */
  synchronized StreamResult offer(ByteBuffer message, long longestBytes) {
    if (closed) {
      return StreamResult.ERROR;
    }
    int length = message.remaining();
    StreamResult refusal = null;
    if (length > longestBytes || length > limitBytes) {
      refusal = StreamResult.TOOBIG;
    } else if (queuedMessages >= limitMessages || queuedBytes + length > limitBytes) {
      refusal = StreamResult.ERROR;
    } else if (!budget.take(length + OVERHEAD_BYTES)) {
      refusal = StreamResult.NOMEM;
    }
    if (refusal != null) {
      rejected++;
      return refusal;
    }
    byte[] bytes;
    try {
      bytes = new byte[length];
    } catch (OutOfMemoryError e) {
      budget.giveBack(length + OVERHEAD_BYTES);
      rejected++;
      return StreamResult.NOMEM;
    }
    message.get(message.position(), bytes);
    waiting.add(new Kept(bytes, ++accepted));
    queuedMessages++;
    queuedBytes += length;
    return StreamResult.OK;
  }

  /**
   * Takes the next one, which is under way then; null when none waits or when so many are under way
   * already.
   */
  synchronized Kept next(int mostMessages, long mostBytes) {
    if (underWay.size() >= mostMessages || underWayBytes >= mostBytes || waiting.isEmpty()) {
      return null;
    }
    Kept kept = waiting.poll();
    kept.settled = false;
    kept.failed = false;
    kept.takenNanos = System.nanoTime();
    underWay.add(kept);
    underWayBytes += kept.bytes.length;
    unsettled++;
    return kept;
  }

  /** The one that was taken last was not sent at all: it waits again. */
  synchronized void putBack(Kept kept) {
    underWay.removeLast();
    underWayBytes -= kept.bytes.length;
    unsettled--;
    waiting.addFirst(kept);
  }

  /** Whether something is under way. */
  synchronized boolean isUnderWay() {
    return !underWay.isEmpty();
  }

  /** Whether one under way did not get there. */
  synchronized boolean hasFailed() {
    return failures > 0;
  }

  /** Whether it is known of each under way whether it got there. */
  synchronized boolean isSettled() {
    return unsettled == 0;
  }

  /** The server has it. */
  synchronized void confirm(Kept kept) {
    settle(kept, false);
    releaseFirst();
  }

  private void releaseFirst() {
    while (!underWay.isEmpty() && isThere(underWay.peek())) {
      leave(underWay.poll(), true);
    }
  }

  private static boolean isThere(Kept kept) {
    return kept.settled && !kept.failed;
  }

  /** The server does not have it, or not as far as is known. */
  synchronized void fail(Kept kept) {
    settle(kept, true);
  }

  private void settle(Kept kept, boolean failed) {
    if (!kept.settled) {
      kept.settled = true;
      kept.failed = failed;
      unsettled--;
      failures += failed ? 1 : 0;
    }
  }

  /** The server has all that are under way. */
  synchronized void confirmAll() {
    while (!underWay.isEmpty()) {
      leave(underWay.poll(), true);
    }
    allSettled();
  }

  /** Those under way are lost, or nobody knows. */
  synchronized void dropUnderWay() {
    while (!underWay.isEmpty()) {
      Kept kept = underWay.poll();
      leave(kept, isThere(kept));
    }
    allSettled();
  }

  /** One under way can never get there. */
  synchronized void drop(Kept kept) {
    settle(kept, false);
    if (underWay.remove(kept)) {
      leave(kept, false);
    }
    releaseFirst();
  }

  /** Those under way wait again, in their order, but for those that the server has. */
  synchronized void rewind() {
    for (Iterator<Kept> last = underWay.descendingIterator(); last.hasNext(); ) {
      Kept kept = last.next();
      if (isThere(kept)) {
        leave(kept, true);
      } else {
        kept.settled = true; // what is told of it later comes too late
        underWayBytes -= kept.bytes.length;
        waiting.addFirst(new Kept(kept.bytes, kept.number));
      }
    }
    underWay.clear();
    allSettled();
  }

  private void allSettled() {
    unsettled = 0;
    failures = 0;
  }

  /** One that was under way leaves. */
  private void leave(Kept kept, boolean sent) {
    kept.settled = true;
    int length = kept.bytes.length;
    underWayBytes -= length;
    forget(length);
    if (sent) {
      sentMessages++;
      sentBytes += length;
    } else {
      lostMessages++;
      lostBytes += length;
    }
  }

  private void forget(int length) {
    queuedMessages--;
    queuedBytes -= length;
    budget.giveBack(length + OVERHEAD_BYTES);
  }

  synchronized boolean isEmpty() {
    return queuedMessages == 0;
  }

  /** Refuses further messages. */
  synchronized void close() {
    closed = true;
  }

  /** Refuses further messages; those that are there are lost. */
  synchronized void giveUp() {
    closed = true;
    dropUnderWay();
    lostMessages += queuedMessages;
    lostBytes += queuedBytes;
    while (!waiting.isEmpty()) {
      forget(waiting.poll().bytes.length);
    }
  }

  /** The figures, with those of the connections. */
  synchronized StreamStatistics statistics(long connects, long disconnects, String lastError) {
    return new StreamStatistics(
        sentMessages,
        sentBytes,
        queuedMessages,
        queuedBytes,
        rejected,
        lostMessages,
        lostBytes,
        connects,
        disconnects,
        (int) Math.max(0, connects - disconnects),
        0,
        lastError);
  }
}
