/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.daqstream.client.Gap;
import org.daqstream.client.RemoteSubscription;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SampleListener;
import org.daqstream.client.SlowConsumer;
import org.daqstream.client.StreamingClient;
import org.daqstream.client.SubscriptionOptions;

/**
 * What comes of some signals, taken by one thread in its own time: while it is busy what comes
 * waits, and when too much waits nothing more is read from the device.
 */
final class SampleInbox implements AutoCloseable {
  private static final int WAITING_BYTES = 32 << 20;
  private static final int LEAST_BYTES = 1 << 20;

  /** Takes it, on the thread that calls {@link #take}. */
  interface Reader {
    void block(String signalId, SampleBlock block) throws IOException;

    /** Something is missing in front of the next block. */
    void gap(String signalId, Gap gap) throws IOException;

    /** Whether nothing more is wanted of what has already come. */
    boolean hasEnough();
  }

  private final BlockingQueue<Runnable> deliveries = new LinkedBlockingQueue<>();
  private final List<RemoteSubscription> subscriptions = new ArrayList<>();
  private final Reader reader;
  private Exception failure;

  /**
   * Subscribes.
   *
   * @param options the contract; queue and executor are chosen here
   */
  SampleInbox(
      StreamingClient client,
      Collection<String> signalIds,
      SubscriptionOptions options,
      Reader reader) {
    this.reader = reader;
    int bytes = Math.max(LEAST_BYTES, WAITING_BYTES / Math.max(1, signalIds.size()));
    SubscriptionOptions mine = options.queue(bytes, SlowConsumer.WAIT).executor(deliveries::add);
    for (String each : signalIds) {
      subscriptions.add(client.subscribe(each, mine, new Taker(each)));
    }
  }

  /** What the reader throws must not be taken for a fault of the client. */
  private final class Taker implements SampleListener {
    private final String signalId;

    Taker(String signalId) {
      this.signalId = signalId;
    }

    @Override
    public void block(SampleBlock block) {
      guarded(() -> reader.block(signalId, block));
    }

    @Override
    public void gap(Gap gap) {
      guarded(() -> reader.gap(signalId, gap));
    }
  }

  private interface Taking {
    void run() throws IOException;
  }

  private void guarded(Taking taking) {
    if (failure != null || reader.hasEnough()) {
      return;
    }
    try {
      taking.run();
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
  }

  /**
   * Waits for something and has the reader take it.
   *
   * @param timeoutMs how long at most
   * @return whether something came
   * @throws IOException what the reader threw
   */
  boolean take(long timeoutMs) throws InterruptedException, IOException {
    Runnable delivery = deliveries.poll(Math.max(0, timeoutMs), TimeUnit.MILLISECONDS);
    if (delivery == null) {
      return false;
    }
    delivery.run();
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    return true;
  }

  @Override
  public void close() {
    subscriptions.forEach(RemoteSubscription::close);
  }
}
