/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.SendBudget;
import org.daqstream.transport.nng.internal.Frame.Chunk;
import org.daqstream.transport.support.SendMemory;

/**
 * Messages on their way out, as frames, bounded in messages and payload bytes, refusing new ones
 * when full. A message counts until its last byte was sent. Unlike a plain queue it hands out
 * frames one by one, in order, and takes them back in any order: several connections can share it.
 *
 * <p>Any thread offers and closes; one thread takes frames, sends and drops them. The bytes are
 * copied once, into direct chunks where frames lie end to end, so that many leave in one write. The
 * lock is held for one copy, or to move a whole list; never during I/O. No allocation in the steady
 * state.
 */
final class FrameQueue {

  /** Kept for reuse while there is nothing to send; under load everything is. */
  private static final int IDLE_FRAMES = 16 * 1024;

  private static final byte IPC_MESSAGE = 1;

  private final boolean ipc;
  private final int limitMessages;
  private final long limitBytes;
  private final Runnable wakeUp;
  private final SendMemory memory;
  private long memoryBytes; // taken there
  private final ByteBuffer header = ByteBuffer.allocate(1 + Long.BYTES);

  private final FrameList waiting = new FrameList();
  private final FrameList idleFrames = new FrameList();
  private final ArrayDeque<Chunk> idleChunks = new ArrayDeque<>();
  private Chunk tail;
  private int queuedMessages;
  private long queuedBytes;
  private long sentMessages;
  private long sentBytes;
  private long lostMessages;
  private long lostBytes;
  private long rejected;
  private boolean resting;
  private boolean closed;

  // Sending thread only: what is done with since the lock was last held.
  private final FrameList doneFrames = new FrameList();
  private final ArrayDeque<Chunk> doneChunks = new ArrayDeque<>();
  private long doneBytes;

  /**
   * Creates an empty queue.
   *
   * @param ipc whether frames have the extra first byte of a Unix-domain socket
   * @param limitMessages most messages waiting
   * @param limitBytes most payload bytes waiting
   * @param wakeUp run by an offering thread when the sending thread is at rest; must not block
   * @param budget of the output
   */
  FrameQueue(boolean ipc, int limitMessages, long limitBytes, Runnable wakeUp, SendBudget budget) {
    this.ipc = ipc;
    this.limitMessages = limitMessages;
    this.limitBytes = limitBytes;
    this.wakeUp = wakeUp;
    this.memory = new SendMemory(budget);
  }

  /** Queues a copy of a message; its position stays. Gives OK, ERROR, TOOBIG or NOMEM. */
  StreamResult offer(ByteBuffer message) {
    boolean wake;
    synchronized (this) {
      StreamResult refusal = refusal(message.remaining());
      if (refusal != null) {
        return refusal;
      }
      append(message);
      wake = resting;
      resting = false;
    }
    if (wake) {
      wakeUp.run();
    }
    return StreamResult.OK;
  }

  private StreamResult refusal(int payloadBytes) {
    if (closed) {
      return StreamResult.ERROR;
    }
    StreamResult refusal = null;
    if (payloadBytes > limitBytes) {
      refusal = StreamResult.TOOBIG;
    } else if (queuedMessages >= limitMessages || queuedBytes + payloadBytes > limitBytes) {
      refusal = StreamResult.ERROR;
    } else if (!makeRoom((long) header.capacity() + payloadBytes)) {
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
    if (room >= length && !idleFrames.isEmpty()) {
      return true;
    }
    room += (long) idleChunks.size() * Chunk.BYTES;
    for (; room < length; room += Chunk.BYTES) {
      ByteBuffer bytes = memory.take(Chunk.BYTES);
      if (bytes == null) {
        trimIdle();
        return false;
      }
      memoryBytes += Chunk.BYTES;
      idleChunks.add(new Chunk(bytes));
    }
    if (idleFrames.isEmpty()) {
      idleFrames.add(new Frame());
    }
    return true;
  }

  private void append(ByteBuffer message) {
    header.clear();
    if (ipc) {
      header.put(IPC_MESSAGE);
    }
    header.putLong(message.remaining()).flip();
    Frame frame = idleFrames.removeFirst();
    frame.headerBytes = header.limit();
    frame.payloadBytes = message.remaining();
    frame.unsent = (long) header.limit() + message.remaining();
    extendTail();
    frame.chunk = tail;
    frame.at = tail.filled;
    copy(header);
    copy(message);
    waiting.add(frame);
    queuedMessages++;
    queuedBytes += frame.payloadBytes;
  }

  /** The last chunk has room for at least one byte afterwards. */
  private void extendTail() {
    if (tail == null || tail.filled == Chunk.BYTES) {
      Chunk fresh = idleChunks.removeFirst();
      if (tail != null) {
        tail.next = fresh;
      }
      tail = fresh;
    }
  }

  private void copy(ByteBuffer source) {
    int from = source.position();
    while (from < source.limit()) {
      extendTail();
      int count = Math.min(source.limit() - from, Chunk.BYTES - tail.filled);
      tail.bytes.put(tail.filled, source, from, count);
      tail.filled += count;
      from += count;
    }
  }

  /** Moves everything that waits to the end of a list of the sending thread. */
  synchronized void takeAll(FrameList ready) {
    ready.addAll(waiting);
  }

  /**
   * The sending thread has handed bytes to the network.
   *
   * @param frames the bytes were the first of these; those sent in full are removed
   */
  void sent(FrameList frames, long bytes) {
    long left = bytes;
    while (left > 0) {
      Frame frame = frames.first();
      long count = Math.min(left, frame.unsent);
      release(frame, count);
      left -= count;
      if (frame.unsent == 0) {
        doneBytes += frame.payloadBytes;
        doneFrames.add(frames.removeFirst());
      }
    }
    synchronized (this) {
      sentMessages += doneFrames.size();
      sentBytes += doneBytes;
      settle();
    }
  }

  /** Forgets a frame: what was sent of it is of no use to anyone. By the sending thread. */
  void drop(Frame frame) {
    long unsentPayload = frame.unsentPayload();
    release(frame, frame.unsent);
    doneBytes += frame.payloadBytes;
    doneFrames.add(frame);
    synchronized (this) {
      lostMessages++;
      lostBytes += unsentPayload;
      settle();
    }
  }

  private void release(Frame frame, long bytes) {
    long left = bytes;
    while (left > 0) {
      Chunk chunk = frame.chunk;
      int count = (int) Math.min(left, Chunk.BYTES - frame.at);
      chunk.released += count;
      frame.at += count;
      frame.unsent -= count;
      left -= count;
      if (frame.unsent == 0) {
        frame.chunk = null;
      } else if (frame.at == Chunk.BYTES) {
        frame.chunk = chunk.next;
        frame.at = 0;
      }
      if (chunk.released == Chunk.BYTES) {
        doneChunks.add(chunk);
      }
    }
  }

  /** Takes back what the sending thread is done with. */
  private void settle() {
    queuedMessages -= doneFrames.size();
    queuedBytes -= doneBytes;
    doneBytes = 0;
    idleFrames.addAll(doneFrames);
    while (!doneChunks.isEmpty()) {
      Chunk chunk = doneChunks.removeFirst();
      if (chunk == tail) {
        tail = null;
      }
      chunk.next = null;
      chunk.filled = 0;
      chunk.released = 0;
      idleChunks.addFirst(chunk);
    }
  }

  private void trimIdle() {
    while ((long) idleChunks.size() * Chunk.BYTES > memory.restBytes()) {
      idleChunks.removeLast();
      giveBack(Chunk.BYTES);
    }
    if (idleFrames.size() > IDLE_FRAMES) {
      idleFrames.clear();
    }
  }

  private void giveBack(long bytes) {
    memory.giveBack(bytes);
    memoryBytes -= bytes;
  }

  /**
   * The sending thread is about to wait.
   *
   * @return true when nothing has come: the next offer or close will run the wake-up
   */
  synchronized boolean rest() {
    resting = waiting.isEmpty();
    if (resting) {
      trimIdle();
    }
    return resting;
  }

  /** Refuses further messages and wakes the sending thread; what waits may still be sent. */
  void close() {
    synchronized (this) {
      closed = true;
      resting = false;
    }
    wakeUp.run();
  }

  /**
   * Refuses further messages and counts all that wait as lost; frames begun were dropped before.
   * The last call of the sending thread.
   */
  synchronized void giveUp() {
    closed = true;
    lostMessages += queuedMessages;
    lostBytes += queuedBytes;
    waiting.clear();
    idleFrames.clear();
    idleChunks.clear();
    giveBack(memoryBytes);
    tail = null;
    queuedMessages = 0;
    queuedBytes = 0;
  }

  synchronized boolean isEmpty() {
    return queuedMessages == 0;
  }

  /** The queue's figures with those of the connections. */
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
