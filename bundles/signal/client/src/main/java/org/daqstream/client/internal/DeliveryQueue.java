/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.daqstream.client.Gap;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SampleListener;
import org.daqstream.client.SlowConsumer;

/**
 * Between the thread that reads and the executor that calls the listener: bounded in bytes, in
 * order. What does not fit is told as a gap in its place. What else is said is bounded too: between
 * two blocks the newest of its kind, and some gaps.
 */
public final class DeliveryQueue implements Runnable {
  /** Blocks that one run delivers before others may have the thread. */
  public static final int RUN_BLOCKS = 1024;

  private enum Kind {
    DESCRIBED,
    INTERRUPTED,
    ENDED
  }

  /** Something for the listener that is neither block nor gap. */
  private record Notice(Kind kind, Consumer<SampleListener> call) {}

  /** For each block, beside its bytes, so that many empty ones are bounded too. */
  private static final int BLOCK_BYTES = 64;

  /** Gaps without a block between them that are kept apart. */
  private static final int GAPS_LIMIT = 16;

  private final SampleListener listener;
  private final Executor executor;
  private final long limitBytes;
  private final SlowConsumer slowConsumer;
  private final int runItems;
  private final Consumer<Throwable> fault;

  private final Object lock = new Object();
  private final Deque<Object> queue = new ArrayDeque<>();
  private long queuedBytes;
  private boolean isRunning;
  private boolean isClosed;

  /** The blocks that were left out behind everything in the queue. */
  private Gap lost;

  /**
   * An empty queue.
   *
   * @param runItems what one run delivers at most
   * @param fault told of what the listener throws
   */
  public DeliveryQueue(
      SampleListener listener,
      Executor executor,
      int limitBytes,
      SlowConsumer slowConsumer,
      int runItems,
      Consumer<Throwable> fault) {
    this.listener = listener;
    this.executor = executor;
    this.limitBytes = limitBytes;
    this.slowConsumer = slowConsumer;
    this.runItems = runItems;
    this.fault = fault;
  }

  /** Puts a block of its own bytes in; false when the queue ends for it. */
  boolean block(SampleBlock block) {
    synchronized (lock) {
      int size = block.bytes() + BLOCK_BYTES;
      while (!isClosed && !hasRoom(size)) {
        switch (slowConsumer) {
          case WAIT -> awaitRoom(size);
          case DROP_OLDEST -> dropOldest(block);
          case DROP_NEWEST -> {
            lose(ConsumerGaps.of(block));
            return true;
          }
          case END -> {
            return false;
          }
        }
      }
      if (isClosed) {
        return true;
      }
      tellLoss();
      if (queue.peekLast() instanceof Gap gap) {
        queue.pollLast();
        queue.addLast(ConsumerGaps.before(gap, block));
      }
      queue.addLast(block);
      queuedBytes += size;
    }
    schedule();
    return true;
  }

  private boolean hasRoom(int size) {
    return queuedBytes == 0 || queuedBytes + size <= limitBytes;
  }

  private void awaitRoom(int size) {
    try {
      while (!isClosed && !hasRoom(size)) {
        lock.wait();
      }
    } catch (InterruptedException e) {
      isClosed = true;
      Thread.currentThread().interrupt();
    }
  }

  private void lose(Gap gap) {
    if (lost != null && !ConsumerGaps.areOne(lost, gap)) {
      tellLoss();
    }
    lost = lost == null ? gap : ConsumerGaps.joined(lost, gap);
  }

  /** A gap behind what is queued, for the blocks that found no room. */
  private void tellLoss() {
    if (lost != null) {
      addGap(lost);
      lost = null;
    }
  }

  private void addGap(Gap gap) {
    if (queue.peekLast() instanceof Gap before
        && before.reason() == gap.reason()
        && gap.reason() == Gap.Reason.CONSUMER
        && ConsumerGaps.areOne(before, gap)) {
      queue.pollLast();
      queue.addLast(ConsumerGaps.joined(before, gap));
      return;
    }
    Gap newest = gap;
    if (gapsBehindBlock() >= GAPS_LIMIT) {
      Iterator<Object> last = queue.descendingIterator();
      Object before = last.next();
      while (!(before instanceof Gap)) {
        before = last.next();
      }
      last.remove();
      newest = ConsumerGaps.joined((Gap) before, gap);
    }
    queue.addLast(newest);
  }

  private int gapsBehindBlock() {
    int gaps = 0;
    Iterator<Object> last = queue.descendingIterator();
    while (last.hasNext()) {
      Object each = last.next();
      if (each instanceof SampleBlock) {
        break;
      }
      gaps += each instanceof Gap ? 1 : 0;
    }
    return gaps;
  }

  /** Takes the oldest block out and leaves a gap; of what is said before it the newest stays. */
  private void dropOldest(SampleBlock newest) {
    Notice described = null;
    Notice interrupted = null;
    Deque<Gap> gaps = new ArrayDeque<>();
    SampleBlock dropped = null;
    while (dropped == null) {
      Object oldest = queue.pollFirst();
      if (oldest instanceof SampleBlock block) {
        dropped = block;
      } else if (oldest instanceof Gap gap) {
        gaps.addLast(gap);
      } else if (oldest instanceof Notice notice) {
        described = notice.kind() == Kind.DESCRIBED ? notice : described;
        interrupted = notice.kind() == Kind.INTERRUPTED ? notice : interrupted;
      }
    }
    queuedBytes -= dropped.bytes() + BLOCK_BYTES;
    Gap gap = ConsumerGaps.of(dropped);
    while (!gaps.isEmpty()
        && (gaps.size() > GAPS_LIMIT || ConsumerGaps.areOne(gaps.peekLast(), gap))) {
      gap = ConsumerGaps.joined(gaps.pollLast(), gap);
    }
    SampleBlock next =
        queue.isEmpty() ? newest : queue.peekFirst() instanceof SampleBlock b ? b : null;
    queue.addFirst(next == null ? gap : ConsumerGaps.before(gap, next));
    while (!gaps.isEmpty()) {
      queue.addFirst(gaps.pollLast());
    }
    for (Notice each : new Notice[] {described, interrupted}) {
      if (each != null) {
        queue.addFirst(each);
      }
    }
  }

  void gap(Gap gap) {
    synchronized (lock) {
      if (isClosed) {
        return;
      }
      if (lost != null && ConsumerGaps.areOne(lost, gap)) {
        lose(gap);
        return;
      }
      tellLoss();
      addGap(gap);
    }
    schedule();
  }

  void described(RemoteSignal signal) {
    notice(new Notice(Kind.DESCRIBED, each -> each.described(signal)));
  }

  void interrupted(String why) {
    notice(new Notice(Kind.INTERRUPTED, each -> each.interrupted(why)));
  }

  private void notice(Notice notice) {
    synchronized (lock) {
      if (isClosed) {
        return;
      }
      forgetOlder(notice.kind());
      tellLoss();
      queue.addLast(notice);
    }
    schedule();
  }

  /** Takes out what is said by a newer notice, with no block between. */
  private void forgetOlder(Kind kind) {
    Iterator<Object> last = queue.descendingIterator();
    while (last.hasNext()) {
      Object each = last.next();
      if (each instanceof SampleBlock) {
        return;
      }
      if (each instanceof Notice notice && notice.kind() == kind) {
        last.remove();
        return;
      }
    }
  }

  /** Delivers what is there, says that it was the last, and takes no more. */
  void end(String why) {
    synchronized (lock) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      tellLoss();
      queue.addLast(new Notice(Kind.ENDED, each -> each.ended(why)));
      lock.notifyAll();
    }
    schedule();
  }

  /** Until {@link #release} nothing is delivered, but all is kept in order. */
  void hold() {
    synchronized (lock) {
      isRunning = true; // by nobody
    }
  }

  /** Has delivered what has come since {@link #hold}. */
  void release() {
    synchronized (lock) {
      isRunning = false;
    }
    schedule();
  }

  private void schedule() {
    synchronized (lock) {
      if (isRunning || queue.isEmpty()) {
        return;
      }
      isRunning = true;
    }
    try {
      executor.execute(this);
    } catch (RuntimeException | Error e) {
      abandon();
      fault.accept(e);
    }
  }

  /** Nobody delivers any more. */
  private void abandon() {
    synchronized (lock) {
      isRunning = false;
      isClosed = true;
      queue.clear();
      queuedBytes = 0;
      lock.notifyAll();
    }
  }

  @Override
  public void run() {
    while (true) {
      for (int i = 0; i < runItems; i++) {
        if (!deliverNext()) {
          return;
        }
      }
      try {
        executor.execute(this);
        return;
      } catch (RejectedExecutionException e) {
        // The executor ends: what is there is still delivered.
      }
    }
  }

  /** Delivers one item; false when there is none, and nobody runs the queue any more. */
  private boolean deliverNext() {
    Object next;
    synchronized (lock) {
      next = queue.pollFirst();
      if (next == null) {
        isRunning = false;
        return false;
      }
      if (next instanceof SampleBlock block) {
        queuedBytes -= block.bytes() + BLOCK_BYTES;
        lock.notifyAll();
      }
    }
    deliver(next);
    return true;
  }

  private void deliver(Object next) {
    try {
      if (next instanceof SampleBlock block) {
        listener.block(block);
      } else if (next instanceof Gap gap) {
        listener.gap(gap);
      } else {
        ((Notice) next).call().accept(listener);
      }
    } catch (RuntimeException | Error e) {
      fault.accept(e);
    }
  }
}
