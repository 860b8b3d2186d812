/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Waits for the blocks of some signals, one after the other, each signal's in their order: for
 * scripts. What is not fetched waits in the queues of the subscriptions and is bounded by their
 * options; what is missing is told by {@link #gaps}. Safe for any thread.
 */
public final class BlockReader implements AutoCloseable {
  private static final int GAPS_LIMIT = 10_000;

  private final Object lock = new Object();
  private final Deque<Runnable> deliveries = new ArrayDeque<>(); // under the lock
  private final Deque<SampleBlock> blocks = new ArrayDeque<>(); // under the lock
  private final List<RemoteSubscription> subscriptions = new ArrayList<>();
  private final Deque<Gap> gaps = new ArrayDeque<>(); // under the lock
  private int ended; // under the lock

  BlockReader(StreamingClient client, SubscriptionOptions options, Collection<String> signalIds) {
    SubscriptionOptions mine = options.executor(this::deliver);
    for (String each : signalIds) {
      subscriptions.add(client.subscribe(each, mine, 1, new Taker()));
    }
  }

  /** What the queues have to say is fetched by the thread that reads. */
  private void deliver(Runnable delivery) {
    synchronized (lock) {
      deliveries.addLast(delivery);
      lock.notifyAll();
    }
  }

  private final class Taker implements SampleListener {
    @Override
    public void block(SampleBlock block) {
      synchronized (lock) {
        blocks.addLast(block);
      }
    }

    @Override
    public void gap(Gap gap) {
      synchronized (lock) {
        if (gaps.size() == GAPS_LIMIT) {
          gaps.removeFirst();
        }
        gaps.addLast(gap);
      }
    }

    @Override
    public void ended(String why) {
      synchronized (lock) {
        ended++;
      }
    }
  }

  /**
   * Waits for the next block of any of the signals.
   *
   * @param timeoutMs how long at most
   * @return the block; {@code null} when the time is over, or nothing comes any more
   * @throws InterruptedException when this thread was interrupted
   */
  public SampleBlock read(long timeoutMs) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    while (true) {
      Runnable delivery;
      synchronized (lock) {
        SampleBlock block = blocks.pollFirst();
        if (block != null) {
          return block;
        }
        delivery = deliveries.pollFirst();
        if (delivery == null) {
          long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
          if (leftMs <= 0 || ended == subscriptions.size()) {
            return null;
          }
          lock.wait(leftMs);
          continue;
        }
      }
      delivery.run();
    }
  }

  /** {@return the gaps met so far and not fetched yet, in order; of very many the last 10 000} */
  public List<Gap> gaps() {
    synchronized (lock) {
      List<Gap> fetched = new ArrayList<>(gaps);
      gaps.clear();
      return fetched;
    }
  }

  /** Ends the subscriptions. */
  @Override
  public void close() {
    subscriptions.forEach(RemoteSubscription::close);
  }
}
