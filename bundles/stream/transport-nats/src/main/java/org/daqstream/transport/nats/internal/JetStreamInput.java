/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.Message;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.daqstream.nats.support.NatsOptions;
import org.daqstream.stream.api.spi.InputSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes from a durable consumer of JetStream at least once: asks for no more than fits, and
 * acknowledges a message when the module has got it, not before. Speaks the pull protocol itself,
 * because jnats' consumers ask by themselves, and go on asking after what they have lost.
 */
final class JetStreamInput extends NatsInput {
  private static final Logger LOG = LoggerFactory.getLogger(JetStreamInput.class);

  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Duration ACK_WAIT = Duration.ofSeconds(10);
  private static final int CONSUMER_NOT_FOUND = 10014;

  /** What a message brings along besides its bytes, at most. */
  private static final int EXTRA_BYTES = 64 * 1024;

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final Duration LAST_FLUSH = Duration.ofMillis(300);

  private final JetStreamOptions options;
  private final Deliveries deliveries = new Deliveries(this::wake);
  private Dispatcher dispatcher; // null before the first
  private Pull pull; // null before the first
  private long touchNanos;
  private long touchedNanos;

  JetStreamInput(String name, NatsParameters parameters, NatsOptions options, InputSink sink) {
    super(name, parameters, options, sink);
    this.options = parameters.jetStreamOptions(ANSWER);
  }

  /** The consumer is made when there is none of that name. */
  @Override
  void prepare(Connection made) throws IOException {
    try {
      JetStreamManagement management = made.jetStreamManagement(options);
      ConsumerInfo info = consumer(management);
      ConsumerConfiguration is = info.getConsumerConfiguration();
      if (is.getDeliverSubject() != null || is.getAckPolicy() != AckPolicy.Explicit) {
        throw new IOException(
            "the consumer " + parameters.durable() + " must be of pull, with explicit acks");
      }
      touchNanos = is.getAckWait().toNanos() / 3;
    } catch (JetStreamApiException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private ConsumerInfo consumer(JetStreamManagement management)
      throws IOException, JetStreamApiException {
    try {
      return management.getConsumerInfo(parameters.jetstream(), parameters.durable());
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != CONSUMER_NOT_FOUND) {
        throw e;
      }
    }
    return management.createConsumer(
        parameters.jetstream(),
        ConsumerConfiguration.builder()
            .durable(parameters.durable())
            .filterSubject(parameters.subject())
            .ackPolicy(AckPolicy.Explicit)
            .ackWait(ACK_WAIT)
            .maxAckPending(2L * parameters.queueMessages())
            .build());
  }

  @Override
  void subscribe(Connection made) {
    Pull asked = new Pull(made, options.getPrefix(), parameters.jetstream(), parameters.durable());
    pull = asked; // also when the connection ends just now and takes no dispatcher
    dispatcher = made.createDispatcher(message -> take(made, asked, message));
    dispatcher.subscribe(asked.inbox() + ".*");
  }

  @Override
  void resubscribe() {
    dispatcher.unsubscribe(pull.inbox() + ".*");
    dispatcher.subscribe(pull.inbox() + ".*");
  }

  /** By a thread of jnats. */
  private void take(Connection made, Pull asked, Message message) {
    if (asked.came(message)) {
      Deliveries.Delivery delivery = deliveries.add(message);
      if (delivery != null
          && !backlog.offer(new Backlog.Data(made, ByteBuffer.wrap(message.getData()), delivery))) {
        delivery.undelivered(); // more than was asked for
      }
    }
    wake();
  }

  @Override
  long lookAfter(Connection made, boolean isPaused) {
    long nowNanos = System.nanoTime();
    deliveries.sendAnswers(made);
    if (nowNanos - touchedNanos > touchNanos) {
      touchedNanos = nowNanos;
      deliveries.touch(made);
    }
    Pull asked = pull;
    if (isPaused || !asked.isOver(nowNanos) || !isInOrder(made, asked)) {
      return LOOK_NANOS;
    }
    int messages = backlog.roomMessages();
    long bytes = backlog.roomBytes();
    long longestBytes = made.getMaxPayload() + EXTRA_BYTES;
    if (asked.isNextTooLong()) {
      if (messages == parameters.queueMessages()) { // nothing waits: one always fits
        asked.ask(1, 0, nowNanos);
      }
    } else if (bytes >= longestBytes && messages * 2 >= parameters.queueMessages()) {
      asked.ask(messages, bytes, nowNanos);
    } else if (messages == parameters.queueMessages()) {
      asked.ask(1, longestBytes, nowNanos);
    }
    return LOOK_NANOS;
  }

  /** After something unusual the consumer may be gone, or the whole stream. */
  private boolean isInOrder(Connection made, Pull asked) {
    String problem = asked.problem();
    if (problem.isEmpty()) {
      return true;
    }
    problem(problem);
    try {
      prepare(made);
      return true;
    } catch (IOException | IllegalStateException e) {
      asked.end(String.valueOf(e.getMessage()), System.nanoTime());
      return false;
    }
  }

  /** What nobody got goes back at once, for whoever opens the next input. */
  @Override
  void leave() {
    if (dispatcher == null) {
      return;
    }
    try {
      dispatcher.unsubscribe(pull.inbox() + ".*"); // or it would come back to here
      deliveries.giveBack(pull.connection(), LAST_FLUSH);
    } catch (RuntimeException | TimeoutException e) {
      LOG.debug("the connection is gone: JetStream waits for a while", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
