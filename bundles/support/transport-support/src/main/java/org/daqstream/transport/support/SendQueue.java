/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.SendBudget;

/**
 * Messages on their way out: bounded in messages and bytes, refusing new ones when full. A message
 * counts until its last byte was sent; what goes in front of it does not count. It is copied once,
 * into direct chunks, where messages lie end to end.
 *
 * <p>Any thread offers and closes; one thread sends. The lock is the queue itself, also for
 * subclasses; it is held for one copy, never during I/O.
 */
public abstract class SendQueue {

  /**
   * How much a queue takes.
   *
   * @param messages most messages waiting
   * @param bytes most bytes waiting
   * @param messageBytes longest message
   */
  public record Limits(int messages, long bytes, long messageBytes) {}

  /** An output with nothing to send keeps so much: direct memory is costly to get. */
  private static final int REST_BYTES = 4 * 1024 * 1024;

  /** The same while others want it. */
  private static final int SCARCE_REST_BYTES = 1024 * 1024;

  private final Limits limits;
  private final Framing framing;
  private final Runnable wakeUp;
  private final SendBudget budget;
  private final ByteBuffer header;

  private final ArrayDeque<Chunk> spare = new ArrayDeque<>();
  private Chunk tail; // the last one in use
  private long heldBytes;
  private int queuedMessages;
  private long queuedBytes;
  private long sentMessages;
  private long sentBytes;
  private long lostMessages;
  private long lostBytes;
  private long rejected;
  private boolean resting;
  private boolean closed;

  /**
   * Creates an empty queue.
   *
   * @param limits how much it takes
   * @param framing what goes in front of each message
   * @param wakeUp run by an offering thread when the sending thread is at rest; must not block
   * @param budget of the output
   */
  protected SendQueue(Limits limits, Framing framing, Runnable wakeUp, SendBudget budget) {
    this.limits = limits;
    this.framing = framing;
    this.wakeUp = wakeUp;
    this.budget = budget;
    this.header = ByteBuffer.allocate(framing.headerBytes());
  }

  /**
   * Appends a message with {@link #tail} and {@link #copy}; the memory is there. Under the lock.
   *
   * @param header from its position to its limit; may be empty
   * @param message from its position to its limit; the position stays
   */
  protected abstract void append(ByteBuffer header, ByteBuffer message);

  /** Whether the sending thread has taken all that was offered. Under the lock. */
  protected abstract boolean isTaken();

  /** Forgets all that waits, as all chunks are gone. Under the lock. */
  protected abstract void clear();

  /** Bytes already sent of messages that still wait, if they are known. Under the lock. */
  protected long sentInPart() {
    return 0;
  }

  /**
   * Queues a copy of a message. Nothing to send (no bytes at all) is OK.
   *
   * @param message the bytes between position and limit; the position stays
   * @return OK, ERROR (full or closed), TOOBIG or NOMEM
   */
  public final StreamResult offer(ByteBuffer message) {
    boolean wake;
    synchronized (this) {
      int length = message.remaining();
      StreamResult answer = answerAtOnce(length);
      if (answer != null) {
        return answer;
      }
      framing.write(header, length);
      append(header, message);
      queuedMessages++;
      queuedBytes += length;
      wake = resting;
      resting = false;
    }
    if (wake) {
      wakeUp.run();
    }
    return StreamResult.OK;
  }

  /** A refusal, or OK when there is nothing to do; null when the message is to be queued. */
  private StreamResult answerAtOnce(int length) {
    if (closed) {
      return StreamResult.ERROR;
    }
    if (length + header.capacity() == 0) {
      return StreamResult.OK;
    }
    StreamResult refusal = null;
    if (length > limits.messageBytes || length > limits.bytes) {
      refusal = StreamResult.TOOBIG;
    } else if (queuedMessages >= limits.messages || queuedBytes + length > limits.bytes) {
      refusal = StreamResult.ERROR;
    } else if (!makeRoom((long) header.capacity() + length)) {
      refusal = StreamResult.NOMEM;
    }
    if (refusal != null) {
      rejected++;
    }
    return refusal;
  }

  /**
   * All memory is there before the first byte is copied, so that a failure leaves no half message.
   */
  private boolean makeRoom(long length) {
    long room = tail == null ? 0 : Chunk.BYTES - tail.filled;
    room += (long) spare.size() * Chunk.BYTES;
    for (; room < length; room += Chunk.BYTES) {
      Chunk chunk = newChunk();
      if (chunk == null) {
        trimSpare();
        return false;
      }
      spare.add(chunk);
    }
    return true;
  }

  /** Null when there is no memory; a writer must not wait until the system finds some. */
  private Chunk newChunk() {
    if (!budget.take(Chunk.BYTES)) {
      return null;
    }
    try {
      Chunk chunk = new Chunk(ByteBuffer.allocateDirect(Chunk.BYTES));
      heldBytes += Chunk.BYTES;
      return chunk;
    } catch (OutOfMemoryError e) {
      budget.giveBack(Chunk.BYTES);
      return null;
    }
  }

  /** Where the next byte goes; with room for it. */
  protected final Chunk tail() {
    if (tail == null || tail.filled == Chunk.BYTES) {
      Chunk fresh = spare.removeFirst();
      if (tail != null) {
        tail.next = fresh;
      }
      tail = fresh;
    }
    return tail;
  }

  /** Copies bytes to the end; the source's position stays. */
  protected final void copy(ByteBuffer source) {
    int from = source.position();
    while (from < source.limit()) {
      Chunk chunk = tail();
      int count = Math.min(source.limit() - from, Chunk.BYTES - chunk.filled);
      chunk.bytes.put(chunk.filled, source, from, count);
      chunk.filled += count;
      from += count;
    }
  }

  /** Nobody needs a chunk any more. Under the lock. */
  protected final void recycle(Chunk chunk) {
    if (chunk == tail) {
      tail = null;
    }
    chunk.next = null;
    chunk.filled = 0;
    chunk.done = 0;
    spare.addFirst(chunk);
  }

  /** While there is much to send all are kept for reuse. */
  private void trimSpare() {
    while ((long) spare.size() * Chunk.BYTES
        > (budget.isScarce() ? SCARCE_REST_BYTES : REST_BYTES)) {
      spare.removeLast();
      budget.giveBack(Chunk.BYTES);
      heldBytes -= Chunk.BYTES;
    }
  }

  /** Messages were sent in full, so many bytes together. Under the lock. */
  protected final void countSent(int messages, long bytes) {
    queuedMessages -= messages;
    queuedBytes -= bytes;
    sentMessages += messages;
    sentBytes += bytes;
  }

  /** A message is given up. Under the lock. */
  protected final void countLost(long bytes, long unsentBytes) {
    queuedMessages--;
    queuedBytes -= bytes;
    sentBytes += bytes - unsentBytes;
    lostMessages++;
    lostBytes += unsentBytes;
  }

  /**
   * The sending thread is about to wait.
   *
   * @return true when nothing has come: the next offer or close will run the wake-up
   */
  public final synchronized boolean rest() {
    resting = isTaken() && !closed;
    if (resting) {
      trimSpare();
    }
    return resting;
  }

  /** Refuses further messages and wakes the sending thread; what waits may still be sent. */
  public final void close() {
    synchronized (this) {
      closed = true;
      resting = false;
    }
    wakeUp.run();
  }

  /** Refuses further messages; those that wait are lost. */
  public final synchronized void giveUp() {
    closed = true;
    lostMessages += queuedMessages;
    lostBytes += queuedBytes - sentInPart();
    sentBytes += sentInPart();
    queuedMessages = 0;
    queuedBytes = 0;
    spare.clear();
    tail = null;
    budget.giveBack(heldBytes);
    heldBytes = 0;
    clear();
  }

  /** Whether nothing waits; also when everything was given up. */
  public final synchronized boolean isEmpty() {
    return queuedMessages == 0;
  }

  /** The queue's figures, with those of the connections. */
  public final synchronized StreamStatistics statistics(
      long connects, long disconnects, String lastError) {
    return new StreamStatistics(
        sentMessages,
        sentBytes + sentInPart(),
        queuedMessages,
        queuedBytes - sentInPart(),
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
