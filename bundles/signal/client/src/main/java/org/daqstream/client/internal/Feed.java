/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.daqstream.client.Gap;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SampleListener;

/** The way from the thread that reads to one listener: at once, or by a queue. */
public final class Feed {
  private final SampleListener listener;
  private final DeliveryQueue queue; // null: at once
  private final Consumer<Throwable> fault;
  private final CompletableFuture<RemoteSignal> description = new CompletableFuture<>();
  private final LongAdder samples = new LongAdder();
  private final LongAdder gaps = new LongAdder();
  private boolean isEnded; // without a queue, under the monitor

  public Feed(SampleListener listener, DeliveryQueue queue, Consumer<Throwable> fault) {
    this.listener = listener;
    this.queue = queue;
    this.fault = fault;
  }

  public long samples() {
    return samples.sum();
  }

  public long gaps() {
    return gaps.sum();
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
    synchronized (this) {
      if (!isEnded) {
        try {
          listener.block(block);
        } catch (RuntimeException | Error e) {
          fault.accept(e);
        }
      }
    }
    return true;
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
    synchronized (this) {
      if (!isEnded) {
        isEnded = true;
        guarded(() -> listener.ended(why));
      }
    }
  }

  /** Calls a listener that has no queue: one at a time, and not behind its end. */
  private synchronized void call(Consumer<SampleListener> what) {
    if (!isEnded) {
      guarded(() -> what.accept(listener));
    }
  }

  private void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error e) {
      fault.accept(e);
    }
  }
}
