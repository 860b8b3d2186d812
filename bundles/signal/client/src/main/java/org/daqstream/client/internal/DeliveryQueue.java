/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.ArrayDeque;
import java.util.Deque;
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
 * order. What does not fit is told as a gap in its place.
 */
public final class DeliveryQueue implements Runnable {
  /** Something for the listener that is no block. */
  private interface Notice extends Consumer<SampleListener> {}

  /** For each block, beside its bytes, so that many empty ones are bounded too. */
  private static final int BLOCK_BYTES = 64;

  /** Blocks that one run delivers before others may have the thread. */
  private static final int RUN_BLOCKS = 1024;

  private final SampleListener listener;
  private final Executor executor;
  private final int limitBytes;
  private final SlowConsumer slowConsumer;
  private final Consumer<Throwable> fault;

  private final Object lock = new Object();
  private final Deque<Object> queue = new ArrayDeque<>();
  private int queuedBytes;
  private boolean isRunning;
  private boolean isClosed;

  /** The first block that was left out behind everything in the queue. */
  private SampleBlock firstLost;

  /**
   * An empty queue.
   *
   * @param fault told of what the listener throws
   */
  public DeliveryQueue(
      SampleListener listener,
      Executor executor,
      int limitBytes,
      SlowConsumer slowConsumer,
      Consumer<Throwable> fault) {
    this.listener = listener;
    this.executor = executor;
    this.limitBytes = limitBytes;
    this.slowConsumer = slowConsumer;
    this.fault = fault;
  }

  /** Puts a block of its own bytes in; false when the queue ends for it. */
  boolean block(SampleBlock block) {
    synchronized (lock) {
      int size = block.bytes() + BLOCK_BYTES;
      while (!isClosed && !hasRoom(size)) {
        switch (slowConsumer) {
          case WAIT -> awaitRoom(size);
          case DROP_OLDEST -> dropOldest();
          case DROP_NEWEST -> {
            lose(block);
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
      tellLoss(block);
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

  private void lose(SampleBlock block) {
    firstLost = firstLost == null ? block : firstLost;
  }

  /** A gap behind what is queued, for the blocks that found no room, in front of the next one. */
  private void tellLoss(SampleBlock next) {
    if (firstLost != null) {
      queue.addLast(gapOf(firstLost, next));
      firstLost = null;
    }
  }

  private static Gap gapOf(SampleBlock first, SampleBlock next) {
    boolean knowsTicks = first.hasTicks() && next.hasTicks();
    return new Gap(
        Gap.Reason.CONSUMER,
        first.row(),
        next.row(),
        knowsTicks,
        knowsTicks ? first.tick(0) : 0,
        knowsTicks ? next.tick(0) : 0);
  }

  /** Takes the oldest blocks out and leaves a gap; what is said between them stays. */
  private void dropOldest() {
    Deque<Object> kept = new ArrayDeque<>();
    SampleBlock dropped = null;
    Gap before = null;
    while (dropped == null && !queue.isEmpty()) {
      Object oldest = queue.pollFirst();
      if (oldest instanceof SampleBlock block) {
        dropped = block;
      } else if (oldest instanceof Gap gap && gap.reason() == Gap.Reason.CONSUMER) {
        before = gap;
      } else {
        kept.addLast(oldest);
      }
    }
    if (dropped != null) {
      queuedBytes -= dropped.bytes() + BLOCK_BYTES;
      queue.addFirst(widened(before, dropped));
    }
    while (!kept.isEmpty()) {
      queue.addFirst(kept.pollLast());
    }
  }

  /** The gap that a dropped block leaves, with the one directly in front of it. */
  private static Gap widened(Gap before, SampleBlock dropped) {
    boolean isTimed = dropped.hasTicks() && (before == null || before.isTimeKnown());
    int last = dropped.count() - 1;
    return new Gap(
        Gap.Reason.CONSUMER,
        before == null ? dropped.row() : before.fromRow(),
        dropped.row() + dropped.count(),
        isTimed,
        !isTimed ? 0 : before == null ? dropped.tick(0) : before.fromTick(),
        isTimed ? dropped.tick(last) + dropped.deltaTicks() : 0);
  }

  void gap(Gap gap) {
    notice(gap);
  }

  void described(RemoteSignal signal) {
    notice((Notice) each -> each.described(signal));
  }

  void interrupted(String why) {
    notice((Notice) each -> each.interrupted(why));
  }

  private void notice(Object notice) {
    synchronized (lock) {
      if (isClosed) {
        return;
      }
      queue.addLast(notice);
    }
    schedule();
  }

  /** Delivers what is there, says that it was the last, and takes no more. */
  void end(String why) {
    synchronized (lock) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      queue.addLast((Notice) each -> each.ended(why));
      lock.notifyAll();
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
    } catch (RejectedExecutionException e) {
      synchronized (lock) {
        isRunning = false;
        isClosed = true;
        queue.clear();
        lock.notifyAll();
      }
      fault.accept(e);
    }
  }

  @Override
  public void run() {
    for (int i = 0; i < RUN_BLOCKS; i++) {
      Object next;
      synchronized (lock) {
        next = queue.pollFirst();
        if (next == null) {
          isRunning = false;
          return;
        }
        if (next instanceof SampleBlock block) {
          queuedBytes -= block.bytes() + BLOCK_BYTES;
          lock.notifyAll();
        }
      }
      deliver(next);
    }
    synchronized (lock) {
      isRunning = false;
    }
    schedule();
  }

  private void deliver(Object next) {
    try {
      if (next instanceof SampleBlock block) {
        listener.block(block);
      } else if (next instanceof Gap gap) {
        listener.gap(gap);
      } else {
        ((Notice) next).accept(listener);
      }
    } catch (RuntimeException | Error e) {
      fault.accept(e);
    }
  }
}
