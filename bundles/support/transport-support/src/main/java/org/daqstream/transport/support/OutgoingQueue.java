/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.SendBudget;

/**
 * Messages on their way out: bounded in messages and bytes, refusing new ones when full. A message
 * counts until its last byte was sent; what goes in front of it does not count. It is copied once,
 * into direct pages, where messages lie end to end. The borders are remembered, so that after a
 * broken connection the next one starts with the first byte of a message.
 *
 * <p>Any thread offers and closes; one thread sends, to one connection with {@link #writeTo}, or
 * {@link #gather} and {@link #sent(long)}, or to several by {@link SendLanes}. The lock is held for
 * one copy, never during I/O. No allocation in the steady state.
 */
public final class OutgoingQueue {
  /**
   * How much a queue takes.
   *
   * @param messages most messages waiting
   * @param bytes most bytes waiting
   * @param messageBytes longest message
   */
  public record Limits(int messages, long bytes, long messageBytes) {}

  /** Most pages in one gathering write. */
  public static final int GATHER_PAGES = 16;

  private final Limits limits;
  private final Framing framing;
  private final Runnable wakeUp;
  private final ByteBuffer header;
  private final int headerBytes;
  private final QueueMemory memory;

  // What no lane has taken.
  private QueuePage first;
  private int firstAt;
  private int[] lengths = new int[16]; // ring of message lengths
  private int head;
  private int count;
  private long sentOfHead; // its header included

  private int queuedMessages;
  private long queuedBytes;
  private long sentMessages;
  private long sentBytes;
  private long sentOfTaken; // by lanes, of messages that are not sent in full
  private long lostMessages;
  private long lostBytes;
  private long rejected;
  private boolean resting;
  private boolean closed;

  private final ByteBuffer[] views = new ByteBuffer[GATHER_PAGES]; // sending thread only

  /**
   * Creates an empty queue.
   *
   * @param limits how much it takes
   * @param framing what goes in front of each message
   * @param wakeUp run by an offering thread when the sending thread is at rest; must not block
   * @param budget of the output
   */
  public OutgoingQueue(Limits limits, Framing framing, Runnable wakeUp, SendBudget budget) {
    this.limits = limits;
    this.framing = framing;
    this.wakeUp = wakeUp;
    this.memory = new QueueMemory(budget);
    this.headerBytes = framing.headerBytes();
    this.header = ByteBuffer.allocate(headerBytes);
  }

  /**
   * Queues a copy of a message. Nothing to send (no bytes at all) is OK.
   *
   * @param message the bytes between position and limit; the position stays
   * @return OK, ERROR (full or closed), TOOBIG or NOMEM
   */
  public StreamResult offer(ByteBuffer message) {
    boolean wake;
    synchronized (this) {
      int length = message.remaining();
      StreamResult answer = answerAtOnce(length);
      if (answer != null) {
        return answer;
      }
      append(message, length);
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
    if (length + headerBytes == 0) {
      return StreamResult.OK;
    }
    StreamResult refusal = null;
    if (length > limits.messageBytes || length > limits.bytes) {
      refusal = StreamResult.TOOBIG;
    } else if (queuedMessages >= limits.messages || queuedBytes + length > limits.bytes) {
      refusal = StreamResult.ERROR;
    } else if (!memory.makeRoom((long) headerBytes + length)) {
      refusal = StreamResult.NOMEM;
    }
    if (refusal != null) {
      rejected++;
    }
    return refusal;
  }

  private void append(ByteBuffer message, int length) {
    if (first == null) {
      first = memory.tail();
      firstAt = first.filled;
    }
    framing.write(header, length);
    memory.copy(header);
    memory.copy(message);
    if (count == lengths.length) {
      int[] larger = new int[2 * lengths.length];
      System.arraycopy(lengths, head, larger, 0, lengths.length - head);
      System.arraycopy(lengths, 0, larger, lengths.length - head, head);
      lengths = larger;
      head = 0;
    }
    lengths[(head + count) & (lengths.length - 1)] = length;
    count++;
  }

  private int removeHead() {
    int length = lengths[head];
    head = (head + 1) & (lengths.length - 1);
    count--;
    return length;
  }

  /**
   * Views of what waits, for the sending thread. They stay valid until {@link #sent(long)}, {@link
   * #dropBegun} or {@link #giveUp}.
   *
   * @param into filled from index 0
   * @return how many were filled; 0 when the queue is empty
   */
  public synchronized int gather(ByteBuffer[] into) {
    int filled = 0;
    int from = firstAt;
    for (QueuePage page = first; page != null && filled < into.length; page = page.next) {
      into[filled++] = page.view(from, page.filled);
      from = 0;
    }
    return filled;
  }

  /** The sending thread has handed so many bytes to the network, not more than gathered. */
  public synchronized void sent(long bytes) {
    if (count == 0) {
      return; // given up meanwhile
    }
    skip(bytes);
    sentOfHead += bytes;
    int messages = 0;
    long messageBytes = 0;
    while (count > 0 && sentOfHead >= (long) headerBytes + lengths[head]) {
      sentOfHead -= (long) headerBytes + lengths[head];
      messages++;
      messageBytes += removeHead();
    }
    countSent(messages, messageBytes, 0);
  }

  /**
   * Gathers and writes once.
   *
   * @param channel blocking or not
   * @return bytes written; 0 when the channel takes nothing now, -1 when nothing waits
   * @throws IOException from the channel; then call {@link #dropBegun}
   */
  public long writeTo(GatheringByteChannel channel) throws IOException {
    int filled = gather(views);
    if (filled == 0) {
      return -1;
    }
    long written = channel.write(views, 0, filled);
    if (written > 0) {
      sent(written);
    }
    return written;
  }

  private void skip(long bytes) {
    long left = bytes;
    while (left > 0) {
      QueuePage page = first;
      int part = (int) Math.min(left, page.filled - firstAt);
      firstAt += part;
      left -= part;
      if (firstAt == page.filled) {
        first = page.next;
        firstAt = 0;
        memory.recycle(page);
      }
    }
  }

  /**
   * The connection broke: forgets the rest of a message of which a part was sent, so that the next
   * connection starts with the first byte of the next message. By the sending thread.
   */
  public synchronized void dropBegun() {
    if (sentOfHead > 0) {
      skip(headerBytes + lengths[head] - sentOfHead);
      long sentPayload = sentInPart();
      sentOfHead = 0;
      countLost(removeHead(), sentPayload);
    }
  }

  private long sentInPart() {
    return Math.max(0, sentOfHead - headerBytes) + sentOfTaken;
  }

  /** Whether there is a message to take. Under the lock. */
  boolean hasMore() {
    return count > 0;
  }

  /** Takes the first message for a lane. Under the lock. */
  void take(Frame frame) {
    frame.payloadBytes = removeHead();
    frame.headerBytes = headerBytes;
    frame.unsent = (long) headerBytes + frame.payloadBytes;
    frame.page = first;
    frame.at = firstAt;
    for (long left = frame.unsent; left > 0; ) {
      int part = (int) Math.min(left, QueuePage.BYTES - firstAt);
      firstAt += part;
      left -= part;
      if (firstAt == QueuePage.BYTES) {
        first = first.next;
        firstAt = 0;
      }
    }
  }

  /** Messages that were taken were sent, or a part of one more. Under the lock. */
  void countSent(int messages, long bytes, long partBytes) {
    queuedMessages -= messages;
    queuedBytes -= bytes;
    sentMessages += messages;
    sentBytes += bytes;
    sentOfTaken += partBytes;
  }

  /** A message that was taken is given up. Under the lock. */
  void countLost(long bytes, long sentPayload) {
    queuedMessages--;
    queuedBytes -= bytes;
    sentBytes += sentPayload;
    lostMessages++;
    lostBytes += bytes - sentPayload;
  }

  /** Nobody needs a page any more. Under the lock. */
  void recycle(QueuePage page) {
    memory.recycle(page);
  }

  /**
   * The sending thread is about to wait; true when nothing has come: the next offer or close will
   * run the wake-up.
   */
  public synchronized boolean rest() {
    resting = count == 0 && !closed;
    if (resting) {
      memory.trim();
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

  /** Refuses further messages; those that wait are lost. The lanes are of no use any more. */
  public synchronized void giveUp() {
    closed = true;
    lostMessages += queuedMessages;
    lostBytes += queuedBytes - sentInPart();
    sentBytes += sentInPart();
    queuedMessages = 0;
    queuedBytes = 0;
    sentOfTaken = 0;
    sentOfHead = 0;
    count = 0;
    head = 0;
    first = null;
    memory.clear();
  }

  /** Whether nothing waits; also when everything was given up. */
  public synchronized boolean isEmpty() {
    return queuedMessages == 0;
  }

  /** The queue's figures, with those of the connections. */
  public synchronized StreamStatistics statistics(
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
