/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.daqstream.client.internal.ClientEngine;
import org.daqstream.client.internal.Demand;
import org.daqstream.client.internal.Feed;

/**
 * A signal that is wanted, until it is closed: over interruptions of the connection, and while the
 * device does not offer it. Safe for any thread; nothing blocks.
 */
public final class RemoteSubscription implements AutoCloseable {
  private final ClientEngine engine;
  private final String signalId;
  private final Demand demand;
  private final Feed feed;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  RemoteSubscription(ClientEngine engine, String signalId, Demand demand, Feed feed) {
    this.engine = engine;
    this.signalId = signalId;
    this.demand = demand;
    this.feed = feed;
  }

  /** {@return the id that was asked for} */
  public String signalId() {
    return signalId;
  }

  /**
   * {@return the first description that comes; fails with an {@link java.io.IOException} when the
   * device refuses the signal, though that may be there later}
   */
  public CompletionStage<RemoteSignal> description() {
    return feed.description().minimalCompletionStage();
  }

  /** {@return samples that have come for it so far, also those that its queue had to drop} */
  public long samples() {
    return feed.samples();
  }

  /** {@return gaps told so far; those that the queue makes are not counted} */
  public long gaps() {
    return feed.gaps();
  }

  /** Ends it: what is queued still comes, then {@link SampleListener#ended}. */
  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      engine.unsubscribe(demand, feed, "unsubscribed");
    }
  }
}
