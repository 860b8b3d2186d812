/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.NUID;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.daqstream.base.support.Backoff;
import org.daqstream.base.support.ForeignText;
import org.daqstream.nats.support.NatsOptions;
import org.daqstream.stream.api.spi.OutputSink;
import org.daqstream.transport.nats.internal.KeptMessages.Kept;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes at least once: each message is kept until JetStream has acknowledged it, and sent again
 * with the same {@code Nats-Msg-Id} when it has not, so that the stream finds it twice and keeps it
 * once. When one fails nothing more is sent until it is known of all how they fared; then those
 * that failed come first.
 */
final class JetStreamOutput extends NatsOutput {
  private static final Logger LOG = LoggerFactory.getLogger(JetStreamOutput.class);

  private static final int MOST_UNDER_WAY = 2_000;
  private static final long ADAPT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int ANSWER_MS = 5_000;

  /** After that nobody tells any more. */
  private static final long LAST_ANSWER_NANOS = TimeUnit.MILLISECONDS.toNanos(2 * ANSWER_MS);

  private static final int TEXT_MAX = 300;

  /** "message size exceeds maximum allowed" of the stream. */
  private static final int TOO_LONG_FOR_THE_STREAM = 10054;

  private final String idPrefix = NUID.nextGlobal() + "-";
  private final Backoff backoff;
  private final int headerBytes;
  private JetStream jetStream; // null while the connection gives none
  private final SendWindow window = new SendWindow();
  private long windowNanos = System.nanoTime(); // when it was changed last
  private long sentNanos;
  private volatile long answerNanos; // how long the last one took
  private volatile String lastFailure = "";
  private volatile boolean taken; // one was, since the last failure

  JetStreamOutput(String name, NatsParameters parameters, NatsOptions options, OutputSink sink) {
    super(name, parameters, options, sink);
    backoff = new Backoff(parameters.backoffMaxMs(), RandomGenerator.getDefault());
    headerBytes = headers(Long.MAX_VALUE).serializedLength();
  }

  private Headers headers(long number) {
    return new Headers()
        .put("Nats-Msg-Id", idPrefix + number)
        .put("Nats-Expected-Stream", parameters.jetstream());
  }

  @Override
  int headerBytes() {
    return headerBytes;
  }

  @Override
  void begin(Connection made) {
    jetStream = null;
    ask(made);
  }

  private void ask(Connection made) {
    try {
      jetStream = made.jetStream(parameters.jetStreamOptions(Duration.ofMillis(ANSWER_MS)));
      problems.clear();
      backoff.reset();
    } catch (IOException e) { // it has ended, and the link tells that soon
      LOG.debug("no JetStream", e);
    }
  }

  @Override
  void broken() {
    narrow();
    messages.rewind();
  }

  private void narrow() {
    window.narrow();
    windowNanos = System.nanoTime();
  }

  private void adapt() {
    if (System.nanoTime() - windowNanos > ADAPT_NANOS) {
      window.answered(answerNanos);
      windowNanos = System.nanoTime();
    }
  }

  @Override
  long send(Connection made) {
    if (jetStream == null) {
      ask(made);
    }
    if (jetStream == null) {
      return TimeUnit.MILLISECONDS.toNanos(backoff.nextMs());
    }
    if (messages.hasFailed()) {
      return again();
    }
    adapt();
    boolean all = publish(made, MOST_UNDER_WAY, window.bytes());
    return all ? UNTIL_WOKEN : TimeUnit.MILLISECONDS.toNanos(backoff.nextMs());
  }

  private long again() {
    problems.say(lastFailure);
    boolean silent = System.nanoTime() - sentNanos > LAST_ANSWER_NANOS;
    if (!messages.isSettled() && !silent) {
      return LAST_ANSWER_NANOS;
    }
    narrow();
    messages.rewind();
    if (taken) {
      taken = false;
      backoff.reset();
    }
    return TimeUnit.MILLISECONDS.toNanos(backoff.nextMs());
  }

  @Override
  void publish(Connection made, Kept kept) {
    sentNanos = System.nanoTime();
    CompletableFuture<?> unused =
        jetStream
            .publishAsync(parameters.subject(), headers(kept.number), kept.bytes)
            .whenComplete((ack, failure) -> settled(kept, ack, failure));
  }

  /** By a thread of jnats. */
  private void settled(Kept kept, PublishAck ack, Throwable failure) {
    if (ack != null) {
      answerNanos = System.nanoTime() - kept.takenNanos;
      messages.confirm(kept);
      taken = true;
    } else {
      Throwable cause = failure;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      String words = cause.getMessage() == null ? cause.toString() : cause.getMessage();
      lastFailure = "JetStream has not taken a message: " + ForeignText.plain(words, TEXT_MAX);
      if (cause instanceof JetStreamApiException refusal
          && refusal.getApiErrorCode() == TOO_LONG_FOR_THE_STREAM) {
        messages.drop(kept);
        problems.say(lastFailure);
      } else {
        messages.fail(kept);
      }
    }
    wake();
  }
}
