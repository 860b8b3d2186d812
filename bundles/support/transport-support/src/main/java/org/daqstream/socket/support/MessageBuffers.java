/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Memory for received messages. Middle-sized ones get direct buffers that come back when the module
 * has processed them; of these there is a fixed amount. Small ones, large ones and what is beyond
 * that amount live on the heap in their exact size. One thread takes, any thread gives back.
 */
final class MessageBuffers {
  private static final int SMALLEST_POOLED = 4 * 1024;
  private static final int LARGEST_POOLED = 256 * 1024;
  private static final int POOL_BYTES = 2 * 1024 * 1024; // per size

  /** Memory of one message: bytes from 0 up to the limit are to be filled. */
  record Message(ByteBuffer bytes, Runnable release) {}

  private static final class Pool {
    private final int size;
    private final ArrayDeque<Message> idle = new ArrayDeque<>();
    private int created;

    Pool(int size) {
      this.size = size;
    }

    synchronized Message take() {
      if (!idle.isEmpty()) {
        return idle.removeLast();
      }
      try {
        return created * size < POOL_BYTES ? create() : null;
      } catch (OutOfMemoryError e) { // direct memory only, the heap may have some
        return null;
      }
    }

    private Message create() {
      ByteBuffer bytes = ByteBuffer.allocateDirect(size);
      created++;
      Message[] self = new Message[1];
      self[0] = new Message(bytes, () -> give(self[0]));
      return self[0];
    }

    private synchronized void give(Message message) {
      idle.addLast(message);
    }
  }

  private final Pool[] pools =
      new Pool[Integer.numberOfTrailingZeros(LARGEST_POOLED / SMALLEST_POOLED) + 1];

  MessageBuffers() {
    for (int i = 0; i < pools.length; i++) {
      pools[i] = new Pool(SMALLEST_POOLED << i);
    }
  }

  /** Memory for at least so many bytes; its limit is just so many. */
  Message take(int length) {
    Message message = length >= SMALLEST_POOLED && length <= LARGEST_POOLED ? pooled(length) : null;
    if (message == null) {
      return new Message(ByteBuffer.allocate(length), null);
    }
    message.bytes.clear().limit(length);
    return message;
  }

  private Message pooled(int length) {
    int doublings = Integer.SIZE - Integer.numberOfLeadingZeros((length - 1) / SMALLEST_POOLED);
    return pools[doublings].take();
  }
}
