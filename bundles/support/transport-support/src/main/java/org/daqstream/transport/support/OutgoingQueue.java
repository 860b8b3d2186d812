/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.SendBudget;

/**
 * Messages on their way out: first in, first out, bounded in messages and bytes, refusing new ones
 * when full. The bytes are copied once, into direct chunks, so that many small messages leave in
 * one gathering write; the borders are remembered, so that after a broken connection the next one
 * starts with the first byte of a message. A message counts until its last byte was sent.
 *
 * <p>Any thread offers and closes; one thread sends, with {@link #gather} and {@link #sent} or
 * {@link #writeTo}. No lock is held during I/O. No allocation in the steady state.
 */
public final class OutgoingQueue {

  /** Most chunks in one gathering write. */
  public static final int GATHER_CHUNKS = 16;

  private static final int CHUNK_BYTES = 64 * 1024;

  /** Bytes from {@code taken} to {@code filled} wait; the view is for the sending thread only. */
  private static final class Chunk {
    final ByteBuffer bytes;
    final ByteBuffer view;
    int taken;
    int filled;

    Chunk(ByteBuffer bytes) {
      this.bytes = bytes;
      this.view = bytes.duplicate();
    }
  }

  /** What is left over when a queue gives up. */
  public record Loss(long messages, long bytes) {}

  private final int limitMessages;
  private final long limitBytes;
  private final Runnable wakeUp;
  private final SendMemory memory;
  private final ByteBuffer[] views = new ByteBuffer[GATHER_CHUNKS]; // sending thread only

  private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
  private final ArrayDeque<Chunk> spare = new ArrayDeque<>();
  private long[] lengths = new long[16]; // ring of message lengths
  private int head;
  private int queuedMessages;
  private long queuedBytes;
  private long sentOfHead;
  private long sentMessages;
  private long sentBytes;
  private long rejected;
  private boolean resting;
  private boolean closed;

  /**
   * Creates an empty queue.
   *
   * @param limitMessages most messages waiting
   * @param limitBytes most bytes waiting, headers included
   * @param wakeUp run by an offering thread when the sending thread is at rest; must not block
   * @param budget of the output
   */
  public OutgoingQueue(int limitMessages, long limitBytes, Runnable wakeUp, SendBudget budget) {
    this.limitMessages = limitMessages;
    this.limitBytes = limitBytes;
    this.wakeUp = wakeUp;
    this.memory = new SendMemory(budget);
  }

  /**
   * Queues a copy of a message. Nothing to send (no bytes at all) is OK.
   *
   * @param header bytes to go in front, between position and limit; null for none
   * @param message the bytes between position and limit; the position stays
   * @return OK, ERROR (full or closed), TOOBIG or NOMEM
   */
  public StreamResult offer(ByteBuffer header, ByteBuffer message) {
    long length = (header == null ? 0L : header.remaining()) + message.remaining();
    boolean wake;
    synchronized (this) {
      if (closed) {
        return StreamResult.ERROR;
      }
      if (length == 0) {
        return StreamResult.OK;
      }
      if (length > limitBytes) {
        rejected++;
        return StreamResult.TOOBIG;
      }
      if (queuedMessages >= limitMessages || queuedBytes + length > limitBytes) {
        rejected++;
        return StreamResult.ERROR;
      }
      if (!makeRoom(length)) {
        rejected++;
        return StreamResult.NOMEM;
      }
      if (header != null) {
        append(header);
      }
      append(message);
      remember(length);
      wake = resting;
      resting = false;
    }
    if (wake) {
      wakeUp.run();
    }
    return StreamResult.OK;
  }

  /**
   * All memory is there before the first byte is copied, so that a failure leaves no half message.
   */
  private boolean makeRoom(long length) {
    Chunk last = chunks.peekLast();
    long room = last == null ? 0 : CHUNK_BYTES - last.filled;
    room += (long) spare.size() * CHUNK_BYTES;
    for (; room < length; room += CHUNK_BYTES) {
      ByteBuffer bytes = memory.take(CHUNK_BYTES);
      if (bytes == null) {
        trimSpare();
        return false;
      }
      spare.add(new Chunk(bytes));
    }
    return true;
  }

  private void append(ByteBuffer source) {
    int from = source.position();
    while (from < source.limit()) {
      Chunk last = chunks.peekLast();
      if (last == null || last.filled == CHUNK_BYTES) {
        last = spare.removeFirst();
        chunks.add(last);
      }
      int count = Math.min(source.limit() - from, CHUNK_BYTES - last.filled);
      last.bytes.put(last.filled, source, from, count);
      last.filled += count;
      from += count;
    }
  }

  private void remember(long length) {
    if (queuedMessages == lengths.length) {
      long[] larger = new long[2 * lengths.length];
      System.arraycopy(lengths, head, larger, 0, lengths.length - head);
      System.arraycopy(lengths, 0, larger, lengths.length - head, head);
      lengths = larger;
      head = 0;
    }
    lengths[(head + queuedMessages) & (lengths.length - 1)] = length;
    queuedMessages++;
    queuedBytes += length;
  }

  /**
   * Views of what waits, for the sending thread. They stay valid until {@link #sent}, {@link
   * #dropBegun} or {@link #giveUp}.
   *
   * @param into filled from index 0
   * @return how many were filled; 0 when the queue is empty
   */
  public synchronized int gather(ByteBuffer[] into) {
    int count = 0;
    for (Chunk chunk : chunks) {
      if (count == into.length || chunk.taken == chunk.filled) {
        break;
      }
      into[count++] = chunk.view.limit(chunk.filled).position(chunk.taken);
    }
    return count;
  }

  /**
   * The sending thread has handed bytes to the network.
   *
   * @param bytes how many, not more than gathered
   */
  public synchronized void sent(long bytes) {
    sentBytes += bytes;
    if (queuedMessages == 0) {
      return; // given up meanwhile
    }
    skip(bytes);
    sentOfHead += bytes;
    while (queuedMessages > 0 && sentOfHead >= lengths[head]) {
      sentOfHead -= lengths[head];
      sentMessages++;
      removeHead();
    }
  }

  /**
   * Gathers and writes once.
   *
   * @param channel blocking or not
   * @return bytes written; 0 when nothing waits or the channel takes nothing now
   * @throws IOException from the channel; then call {@link #dropBegun}
   */
  public long writeTo(GatheringByteChannel channel) throws IOException {
    int count = gather(views);
    if (count == 0) {
      return 0;
    }
    long written = channel.write(views, 0, count);
    if (written > 0) {
      sent(written);
    }
    return written;
  }

  private void removeHead() {
    queuedBytes -= lengths[head];
    head = (head + 1) & (lengths.length - 1);
    queuedMessages--;
  }

  private void skip(long bytes) {
    long left = bytes;
    while (left > 0) {
      Chunk first = chunks.getFirst();
      int count = (int) Math.min(left, first.filled - first.taken);
      first.taken += count;
      left -= count;
      if (first.taken == first.filled) {
        chunks.removeFirst();
        first.taken = 0;
        first.filled = 0;
        spare.push(first);
      }
    }
  }

  /** While there is much to send all are kept for reuse. */
  private void trimSpare() {
    while ((long) spare.size() * CHUNK_BYTES > memory.restBytes()) {
      spare.removeLast();
      memory.giveBack(CHUNK_BYTES);
    }
  }

  /**
   * The connection broke: forgets the rest of a message of which a part was sent, so that the next
   * connection starts with the first byte of the next message. By the sending thread.
   *
   * @return nothing or one message, with its unsent bytes
   */
  public synchronized Loss dropBegun() {
    if (sentOfHead == 0) {
      return new Loss(0, 0);
    }
    long rest = lengths[head] - sentOfHead;
    skip(rest);
    sentOfHead = 0;
    removeHead();
    return new Loss(1, rest);
  }

  /**
   * The sending thread is about to wait.
   *
   * @return true when the queue is empty and open: the next offer or close will run the wake-up
   */
  public synchronized boolean rest() {
    resting = queuedMessages == 0 && !closed;
    if (resting) {
      trimSpare();
    }
    return resting;
  }

  /** Refuses further messages and wakes the sending thread; what waits may still be sent. */
  public void close() {
    synchronized (this) {
      closed = true;
      resting = false;
    }
    wakeUp.run();
  }

  /**
   * Refuses further messages and forgets all that wait.
   *
   * @return how many messages were not sent in full, and their unsent bytes
   */
  public synchronized Loss giveUp() {
    closed = true;
    final Loss loss = new Loss(queuedMessages, queuedBytes - sentOfHead);
    memory.giveBack((chunks.size() + (long) spare.size()) * CHUNK_BYTES);
    chunks.clear();
    spare.clear();
    queuedMessages = 0;
    queuedBytes = 0;
    sentOfHead = 0;
    head = 0;
    return loss;
  }

  /**
   * Whether nothing waits.
   *
   * @return true also when everything was given up
   */
  public synchronized boolean isEmpty() {
    return queuedMessages == 0;
  }

  /**
   * Messages waiting, the one being sent included.
   *
   * @return 0 to the limit
   */
  public synchronized int queuedMessages() {
    return queuedMessages;
  }

  /**
   * Bytes waiting, headers included.
   *
   * @return 0 to the limit
   */
  public synchronized long queuedBytes() {
    return queuedBytes - sentOfHead;
  }

  /**
   * Messages sent in full.
   *
   * @return since the beginning
   */
  public synchronized long sentMessages() {
    return sentMessages;
  }

  /**
   * Bytes sent, headers included.
   *
   * @return since the beginning
   */
  public synchronized long sentBytes() {
    return sentBytes;
  }

  /**
   * Messages refused because the queue was full or the message too big.
   *
   * @return since the beginning
   */
  public synchronized long rejected() {
    return rejected;
  }
}
