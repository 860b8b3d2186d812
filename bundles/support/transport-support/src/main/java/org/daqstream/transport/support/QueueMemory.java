/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.daqstream.stream.api.spi.SendBudget;

/** The pages of a queue, within the budget of its output. Under the lock of the queue. */
final class QueueMemory {
  /** An output with nothing to send keeps so much: direct memory is costly to get. */
  private static final int REST_BYTES = 4 * 1024 * 1024;

  /** The same while others want it. */
  private static final int SCARCE_REST_BYTES = 1024 * 1024;

  private final SendBudget budget;
  private final ArrayDeque<QueuePage> spare = new ArrayDeque<>();
  private QueuePage tail; // the last one in use
  private long heldBytes;

  QueueMemory(SendBudget budget) {
    this.budget = budget;
  }

  /**
   * Gets all memory before the first byte is copied, so that a failure leaves no half message;
   * false when there is none, for a writer must not wait until the system finds some.
   */
  boolean makeRoom(long length) {
    long room = tail == null ? 0 : QueuePage.BYTES - tail.filled;
    room += (long) spare.size() * QueuePage.BYTES;
    for (; room < length; room += QueuePage.BYTES) {
      if (!addPage()) {
        trim();
        return false;
      }
    }
    return true;
  }

  private boolean addPage() {
    if (!budget.take(QueuePage.BYTES)) {
      return false;
    }
    try {
      spare.add(new QueuePage(ByteBuffer.allocateDirect(QueuePage.BYTES)));
      heldBytes += QueuePage.BYTES;
      return true;
    } catch (OutOfMemoryError e) {
      budget.giveBack(QueuePage.BYTES);
      return false;
    }
  }

  /** Where the next byte goes; with room for it. */
  QueuePage tail() {
    if (tail == null || tail.filled == QueuePage.BYTES) {
      QueuePage fresh = spare.removeFirst();
      if (tail != null) {
        tail.next = fresh;
      }
      tail = fresh;
    }
    return tail;
  }

  /** Copies bytes to the end; the source's position stays. */
  void copy(ByteBuffer source) {
    int from = source.position();
    while (from < source.limit()) {
      QueuePage page = tail();
      int count = Math.min(source.limit() - from, QueuePage.BYTES - page.filled);
      page.bytes.put(page.filled, source, from, count);
      page.filled += count;
      from += count;
    }
  }

  /** Nobody needs a page any more. */
  void recycle(QueuePage page) {
    if (page == tail) {
      tail = null;
    }
    page.next = null;
    page.filled = 0;
    page.done = 0;
    spare.addFirst(page);
  }

  /** Gives back what is kept beyond need; while there is much to send all are kept. */
  void trim() {
    while ((long) spare.size() * QueuePage.BYTES
        > (budget.isScarce() ? SCARCE_REST_BYTES : REST_BYTES)) {
      spare.removeLast();
      budget.giveBack(QueuePage.BYTES);
      heldBytes -= QueuePage.BYTES;
    }
  }

  void clear() {
    spare.clear();
    tail = null;
    budget.giveBack(heldBytes);
    heldBytes = 0;
  }
}
