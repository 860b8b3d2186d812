/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;

/** Puts into a queue what a publisher says. */
final class QueueSubscriber implements Flow.Subscriber<SampleBlock> {
  private final BlockingQueue<Object> heard;

  QueueSubscriber(BlockingQueue<Object> heard) {
    this.heard = heard;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    heard.add(subscription);
  }

  @Override
  public void onNext(SampleBlock block) {
    heard.add(block);
  }

  @Override
  public void onError(Throwable failure) {
    heard.add(failure);
  }

  @Override
  public void onComplete() {
    heard.add("complete");
  }
}
