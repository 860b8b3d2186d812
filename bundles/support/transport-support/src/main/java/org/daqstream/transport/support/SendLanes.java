/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * What several connections share of an {@link OutgoingQueue}: each claims messages by a {@link
 * SendLane}, and what one of them has not begun when it goes is claimed by another. For the sending
 * thread only. No allocation in the steady state.
 */
public final class SendLanes {
  /** Kept for reuse while there is nothing to send; under load everything is. */
  private static final int IDLE_FRAMES = 16 * 1024;

  private static final int STAGING_BYTES = 64 * 1024;

  private final OutgoingQueue queue;
  private final ArrayDeque<Frame> idle = new ArrayDeque<>();
  private final ArrayDeque<QueuePage> done = new ArrayDeque<>();

  /** What no lane has claimed. */
  final ArrayDeque<Frame> ready = new ArrayDeque<>();

  /** For short messages, copied together. */
  final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES);

  /** Takes everything of a queue. */
  public SendLanes(OutgoingQueue queue) {
    this.queue = queue;
  }

  /** A lane for another connection. */
  public SendLane lane() {
    return new SendLane(this);
  }

  /** Takes what was offered since, for the lanes to claim. */
  public void take() {
    synchronized (queue) {
      while (queue.hasMore()) {
        Frame frame = idle.isEmpty() ? new Frame() : idle.pop();
        queue.take(frame);
        ready.add(frame);
      }
    }
    if (ready.isEmpty() && idle.size() > IDLE_FRAMES) {
      idle.clear();
    }
  }

  /** Whether there is a message to claim. */
  public boolean hasReady() {
    return !ready.isEmpty();
  }

  /**
   * A lane has handed bytes to the network, the first ones of these frames; those sent in full are
   * removed.
   */
  void sent(ArrayDeque<Frame> frames, long bytes) {
    long partBefore = frames.element().sentPayload();
    int messages = 0;
    long messageBytes = 0;
    for (long left = bytes; left > 0; ) {
      Frame frame = frames.element();
      long part = Math.min(left, frame.unsent);
      release(frame, part);
      left -= part;
      if (frame.unsent == 0) {
        messages++;
        messageBytes += frame.payloadBytes;
        idle.push(frames.remove());
      }
    }
    long part = frames.isEmpty() ? 0 : frames.element().sentPayload();
    synchronized (queue) {
      queue.countSent(messages, messageBytes, part - partBefore);
      recycleDone();
    }
  }

  /** Forgets a frame: what was sent of it is of no use to anyone. */
  void drop(Frame frame) {
    long sentPayload = frame.sentPayload();
    release(frame, frame.unsent);
    idle.push(frame);
    synchronized (queue) {
      queue.countSent(0, 0, -sentPayload);
      queue.countLost(frame.payloadBytes, sentPayload);
      recycleDone();
    }
  }

  private void release(Frame frame, long bytes) {
    long left = bytes;
    while (left > 0) {
      QueuePage page = frame.page;
      int part = (int) Math.min(left, QueuePage.BYTES - frame.at);
      page.done += part;
      frame.at += part;
      frame.unsent -= part;
      left -= part;
      if (frame.unsent == 0) {
        frame.page = null;
      } else if (frame.at == QueuePage.BYTES) {
        frame.page = page.next;
        frame.at = 0;
      }
      if (page.done == QueuePage.BYTES) {
        done.add(page);
      }
    }
  }

  private void recycleDone() {
    while (!done.isEmpty()) {
      queue.recycle(done.removeFirst());
    }
  }
}
