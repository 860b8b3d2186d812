/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.nats.support.NatsOptions;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.InputSink;

/**
 * Subscribes at most once: nobody slows a publisher down, so what comes while the module does not
 * keep up and the backlog is full is lost and counted.
 */
final class CoreInput extends NatsInput {
  private final AtomicLong lostMessages = new AtomicLong();
  private final AtomicLong lostBytes = new AtomicLong();
  private final AtomicLong unreadable = new AtomicLong();
  private Dispatcher dispatcher; // of the connection
  private long saidUnreadable;
  private long said; // of the lost ones, by the thread that hands over

  CoreInput(String name, NatsParameters parameters, NatsOptions options, InputSink sink) {
    super(name, parameters, options, sink);
  }

  @Override
  void prepare(Connection made) {}

  @Override
  void subscribe(Connection made) {
    dispatcher = made.createDispatcher(message -> take(made, message));
    dispatcher.setPendingLimits(0, parameters.queueBytes()); // 0: any number
    subscribe();
  }

  @Override
  void resubscribe() {
    dispatcher.unsubscribe(parameters.subject());
    subscribe();
  }

  private void subscribe() {
    if (parameters.queue().isEmpty()) {
      dispatcher.subscribe(parameters.subject());
    } else {
      dispatcher.subscribe(parameters.subject(), parameters.queue());
    }
  }

  /**
   * By a thread of jnats, which must not wait, for then the server ends the connection. What a
   * message says whose headers look like an answer of the server jnats does not show.
   */
  private void take(Connection made, Message message) {
    ByteBuffer bytes = ByteBuffer.wrap(message.getData());
    if (message.isStatusMessage()) {
      unreadable.incrementAndGet();
    } else if (!backlog.offer(new Backlog.Data(made, bytes, null))) {
      lostMessages.incrementAndGet();
      lostBytes.addAndGet(bytes.remaining());
    }
    wake();
  }

  @Override
  long lookAfter(Connection made, boolean isPaused) {
    long lost = lostMessages.get();
    if (lost != said) {
      said = lost;
      problem("the module does not keep up: " + lost + " messages lost so far");
    }
    if (unreadable.get() != saidUnreadable) {
      saidUnreadable = unreadable.get();
      problem(saidUnreadable + " messages lost whose headers look like an answer of the server");
    }
    return UNTIL_WOKEN;
  }

  @Override
  void leave() {}

  @Override
  public StreamStatistics statistics() {
    StreamStatistics all = super.statistics();
    return new StreamStatistics(
        all.messages(),
        all.bytes(),
        all.queuedMessages(),
        all.queuedBytes(),
        all.rejected(),
        all.lostMessages() + lostMessages.get() + unreadable.get() + droppedBefore(),
        all.lostBytes() + lostBytes.get(),
        all.connects(),
        all.disconnects(),
        all.peers(),
        all.pauses(),
        all.lastError());
  }
}
