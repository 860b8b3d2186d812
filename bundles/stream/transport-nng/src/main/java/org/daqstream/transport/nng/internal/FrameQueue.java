/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.daqstream.stream.api.spi.SendBudget;
import org.daqstream.transport.support.Chunk;
import org.daqstream.transport.support.Framing;
import org.daqstream.transport.support.SendQueue;

/**
 * A queue that several connections share: it hands out frames one by one, in order, and takes them
 * back in any order. One thread takes frames, sends and drops them. The lock is also held to move a
 * whole list. No allocation in the steady state.
 */
final class FrameQueue extends SendQueue {

  /** Kept for reuse while there is nothing to send; under load everything is. */
  private static final int IDLE_FRAMES = 16 * 1024;

  private final FrameList waiting = new FrameList();
  private final FrameList idleFrames = new FrameList();

  // Sending thread only: what is done with since the lock was last held.
  private final FrameList doneFrames = new FrameList();
  private final ArrayDeque<Chunk> doneChunks = new ArrayDeque<>();
  private long doneBytes;

  /** Creates an empty queue. */
  FrameQueue(Limits limits, Framing framing, Runnable wakeUp, SendBudget budget) {
    super(limits, framing, wakeUp, budget);
  }

  @Override
  protected void append(ByteBuffer header, ByteBuffer message) {
    Frame frame = idleFrames.isEmpty() ? new Frame() : idleFrames.removeFirst();
    frame.headerBytes = header.limit();
    frame.payloadBytes = message.remaining();
    frame.unsent = (long) header.limit() + message.remaining();
    frame.chunk = tail();
    frame.at = frame.chunk.filled();
    copy(header);
    copy(message);
    waiting.add(frame);
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
      countSent(doneFrames.size(), doneBytes);
      takeBack();
    }
  }

  /** Forgets a frame: what was sent of it is of no use to anyone. By the sending thread. */
  void drop(Frame frame) {
    long unsentPayload = frame.unsentPayload();
    release(frame, frame.unsent);
    doneFrames.add(frame);
    synchronized (this) {
      countLost(frame.payloadBytes, unsentPayload);
      takeBack();
    }
  }

  private void release(Frame frame, long bytes) {
    long left = bytes;
    while (left > 0) {
      Chunk chunk = frame.chunk;
      int count = (int) Math.min(left, Chunk.BYTES - frame.at);
      chunk.done += count;
      frame.at += count;
      frame.unsent -= count;
      left -= count;
      if (frame.unsent == 0) {
        frame.chunk = null;
      } else if (frame.at == Chunk.BYTES) {
        frame.chunk = chunk.next();
        frame.at = 0;
      }
      if (chunk.done == Chunk.BYTES) {
        doneChunks.add(chunk);
      }
    }
  }

  /** Takes back what the sending thread is done with. */
  private void takeBack() {
    doneBytes = 0;
    idleFrames.addAll(doneFrames);
    while (!doneChunks.isEmpty()) {
      recycle(doneChunks.removeFirst());
    }
  }

  @Override
  protected boolean isTaken() {
    if (waiting.isEmpty() && idleFrames.size() > IDLE_FRAMES) {
      idleFrames.clear();
    }
    return waiting.isEmpty();
  }

  /** The last call of the sending thread; frames begun were dropped before. */
  @Override
  protected void clear() {
    waiting.clear();
    idleFrames.clear();
  }
}
