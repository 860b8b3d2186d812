/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.daqstream.client.Gap;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SampleListener;

/**
 * The way from the thread that reads to one listener: at once, or by a queue.
 *
 * <p>Without a queue whoever has something for the listener calls it, one at a time and in order,
 * and nobody waits for a lock: who comes while another one calls leaves it to him. A listener may
 * wait for a lock that somebody holds who unsubscribes. Blocks come by one thread, which takes the
 * calls over from any other that has made those of its own: else who subscribes would call a slow
 * listener for ever.
 */
public final class Feed {
  private static final int WAITING_LIMIT = 256;
  private static final long WAITING_PAUSE_NANOS = 100_000;
  private static final int ALL = Integer.MAX_VALUE;

  /** Whether who brings blocks wants to go on with the calls. */
  private enum Turn {
    KEPT,
    WANTED,
    GIVEN
  }

  private final SampleListener listener;
  private final DeliveryQueue queue; // null: at once
  private final Consumer<Throwable> fault;
  private final boolean joinsPackets;
  private final CompletableFuture<RemoteSignal> description = new CompletableFuture<>();
  private final LongAdder samples = new LongAdder();
  private final LongAdder gaps = new LongAdder();

  /** What came while somebody called. */
  private final Queue<Consumer<SampleListener>> waiting = new ConcurrentLinkedQueue<>();

  /** Calls that are to be made, with the one that is made now. */
  private final AtomicInteger calls = new AtomicInteger();

  private final AtomicReference<Turn> turn = new AtomicReference<>(Turn.KEPT);

  /** Calls that whoever calls makes before another one may go on; by whoever calls. */
  private volatile int owed;

  private boolean isEnded; // by whoever calls

  Feed(SampleListener listener, DeliveryQueue queue, Consumer<Throwable> fault) {
    this(listener, queue, fault, true);
  }

  public Feed(
      SampleListener listener,
      DeliveryQueue queue,
      Consumer<Throwable> fault,
      boolean joinsPackets) {
    this.listener = listener;
    this.queue = queue;
    this.fault = fault;
    this.joinsPackets = joinsPackets;
  }

  public long samples() {
    return samples.sum();
  }

  public long gaps() {
    return gaps.sum();
  }

  boolean joinsPackets() {
    return joinsPackets;
  }

  boolean isDirect() {
    return queue == null;
  }

  /** Takes a block, valid during the call if direct, else to keep; false when it is too much. */
  boolean block(SampleBlock block) {
    samples.add(block.count());
    if (queue != null) {
      return queue.block(block);
    }
    if (!calls.compareAndSet(0, 1)) {
      SampleBlock own = block.copy();
      call(each -> each.block(own));
      takeOver();
      return true;
    }
    owed = ALL;
    if (waiting.isEmpty()) {
      callNow(block);
      callWaiting(1);
    } else { // of somebody who has not counted it yet, and this may stand behind one of ours
      SampleBlock own = block.copy();
      waiting.add(each -> each.block(own));
      callWaiting(0);
    }
    return true;
  }

  private void callNow(SampleBlock block) {
    if (!isEnded) {
      try {
        listener.block(block);
      } catch (RuntimeException | Error e) {
        fault.accept(e);
      }
    }
  }

  void gap(Gap gap) {
    gaps.increment();
    if (queue != null) {
      queue.gap(gap);
    } else {
      call(each -> each.gap(gap));
    }
  }

  /** The first description; fails when the device refuses, or nobody waits any more. */
  public CompletableFuture<RemoteSignal> description() {
    return description;
  }

  void described(RemoteSignal signal) {
    description.complete(signal);
    if (queue != null) {
      queue.described(signal);
    } else {
      call(each -> each.described(signal));
    }
  }

  /** The device does not give the signal; it may later. */
  void refused(String why) {
    description.completeExceptionally(new IOException(why));
  }

  void interrupted(String why) {
    if (queue != null) {
      queue.interrupted(why);
    } else {
      call(each -> each.interrupted(why));
    }
  }

  void ended(String why) {
    description.completeExceptionally(new IOException(why));
    if (queue != null) {
      queue.end(why);
      return;
    }
    call(
        each -> {
          isEnded = true;
          each.ended(why);
        });
  }

  /** Before anything has come: until {@link #release} nothing is delivered, but kept in order. */
  void hold() {
    if (queue != null) {
      queue.hold();
    } else {
      owed = ALL;
      calls.incrementAndGet();
    }
  }

  /** Delivers what has come since {@link #hold}. */
  void release() {
    if (queue != null) {
      queue.release();
    } else {
      owed = calls.get() - 1;
      callWaiting(1);
    }
  }

  /** Calls the listener, or leaves it to who calls it now. */
  private void call(Consumer<SampleListener> what) {
    waiting.add(what);
    if (calls.getAndIncrement() == 0) {
      owed = 1;
      callWaiting(0);
    }
  }

  /** Waits while too many calls wait, or others make them that owe none, and goes on with them. */
  private void takeOver() {
    while (turn.get() != Turn.GIVEN && calls.get() > (owed > 0 ? WAITING_LIMIT : 0)) {
      turn.compareAndSet(Turn.KEPT, Turn.WANTED);
      LockSupport.parkNanos(WAITING_PAUSE_NANOS); // as a queue that is full
    }
    if (turn.getAndSet(Turn.KEPT) == Turn.GIVEN) {
      owed = ALL;
      callWaiting(0);
    }
  }

  /** Makes the calls that wait, until there are none, or another one goes on with them. */
  private void callWaiting(int made) {
    if (made > 0 && calls.addAndGet(-made) == 0) {
      return;
    }
    do {
      Consumer<SampleListener> next = waiting.remove();
      if (!isEnded) {
        guarded(() -> next.accept(listener));
      }
      if (owed != ALL) {
        owed = Math.max(0, owed - 1);
      }
    } while (calls.decrementAndGet() > 0 && !givesOver());
  }

  private boolean givesOver() {
    return owed == 0 && turn.compareAndSet(Turn.WANTED, Turn.GIVEN);
  }

  private void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error e) {
      fault.accept(e);
    }
  }
}
