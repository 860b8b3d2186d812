/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.util.concurrent.Flow;
import org.daqstream.base.support.OrderedTasks;

/** A signal as a {@link Flow.Publisher}. */
final class BlockPublisher implements Flow.Publisher<SampleBlock> {
  private final StreamingClient client;
  private final String signalId;
  private final SubscriptionOptions options;

  BlockPublisher(StreamingClient client, String signalId, SubscriptionOptions options) {
    this.client = client;
    this.signalId = signalId;
    this.options = options;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super SampleBlock> subscriber) {
    new Demanded(subscriber).open();
  }

  /** One subscriber: its queue is delivered only while it demands. */
  private final class Demanded implements Flow.Subscription, SampleListener {
    private final Flow.Subscriber<? super SampleBlock> subscriber;
    private final Object lock = new Object();
    private long demand; // under the lock
    private boolean isOver; // under the lock
    private final OrderedTasks tasks = new OrderedTasks("daqstream-client-publish", failure -> {});
    private RemoteSubscription subscription;

    Demanded(Flow.Subscriber<? super SampleBlock> subscriber) {
      this.subscriber = subscriber;
    }

    void open() {
      subscriber.onSubscribe(this);
      // It waits for demand, on a thread of its own.
      SubscriptionOptions mine =
          options.executor() == null ? options.executor(tasks::execute) : options;
      subscription = client.subscribe(signalId, mine, this);
      synchronized (lock) {
        if (!isOver) {
          return;
        }
      }
      subscription.close();
    }

    @Override
    public void request(long n) {
      if (n <= 0) {
        if (end()) {
          subscriber.onError(new IllegalArgumentException("a demand of " + n + " blocks"));
        }
        return;
      }
      synchronized (lock) {
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        lock.notifyAll();
      }
    }

    @Override
    public void cancel() {
      end();
    }

    private boolean end() {
      synchronized (lock) {
        if (isOver) {
          return false;
        }
        isOver = true;
        lock.notifyAll();
      }
      if (subscription != null) {
        subscription.close();
      }
      return true;
    }

    @Override
    public void block(SampleBlock block) {
      synchronized (lock) {
        while (demand == 0 && !isOver) {
          try {
            lock.wait();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
          }
        }
        if (isOver) {
          return;
        }
        demand--;
      }
      subscriber.onNext(block);
    }

    @Override
    public void ended(String why) {
      if (end()) {
        subscriber.onComplete();
      }
    }
  }
}
