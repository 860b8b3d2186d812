/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import io.nats.client.FetchConsumeOptions;
import io.nats.client.FetchConsumer;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamStatusCheckedException;
import io.nats.client.Message;
import io.nats.client.StreamContext;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.OrderedConsumerConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;

/** Reads the messages of a subject from a stream, by ordered consumers; for one thread. */
final class StreamReader implements ImportWire.Reader {
  private static final int MESSAGES = 64;
  private static final long LEAST_WAIT_MS = 1_000; // of jnats

  private final StreamContext stream;
  private final String subject;
  private OrderedConsumerConfiguration start;
  private FetchConsumer fetch; // null while none runs
  private int fetched;
  private long lastNumber; // 0 until a message was read
  private boolean wasAsked;

  /** As {@link ImportWire#read}. */
  StreamReader(StreamContext stream, String subject, long from, long historyMs)
      throws IOException, JetStreamApiException {
    this.stream = stream;
    this.subject = subject;
    start = new OrderedConsumerConfiguration().filterSubject(subject);
    if (historyMs > 0) {
      ZonedDateTime now = stream.getStreamInfo().getTimestamp(); // by the server's clock
      start
          .deliverPolicy(DeliverPolicy.ByStartTime)
          .startTime(now.minus(Duration.ofMillis(historyMs)));
    } else if (from > 0) {
      startFrom(from);
    }
  }

  private void startFrom(long number) {
    start =
        new OrderedConsumerConfiguration()
            .filterSubject(subject)
            .deliverPolicy(DeliverPolicy.ByStartSequence)
            .startSequence(number);
  }

  @Override
  public List<ImportWire.Kept> next(long waitMs) throws IOException {
    try {
      if (fetch == null) {
        if (lastNumber > 0) {
          startFrom(lastNumber + 1);
        }
        // with a consumer of its own, as jnats takes a while to leave one
        fetch = stream.createOrderedConsumer(start).fetch(options(waitMs));
        fetched = 0;
      }
      Message message = fetch.nextMessage();
      if (message == null) {
        boolean isMore = fetched == MESSAGES;
        close();
        return isMore ? next(waitMs) : List.of();
      }
      fetched++;
      long number = message.metaData().streamSequence();
      boolean isLast = message.metaData().pendingCount() == 0;
      lastNumber = number;
      return List.of(new ImportWire.Kept(number, message.getData(), isLast));
    } catch (JetStreamApiException | JetStreamStatusCheckedException | RuntimeException e) {
      throw new IOException(e.getMessage(), e);
    } catch (InterruptedException e) {
      throw NatsWire.interrupted(e);
    }
  }

  /** What is there already comes at once, and it is said at once when nothing is. */
  private FetchConsumeOptions options(long waitMs) {
    FetchConsumeOptions.Builder options = FetchConsumeOptions.builder().maxMessages(MESSAGES);
    if (wasAsked) {
      return options.expiresIn(Math.max(LEAST_WAIT_MS, waitMs)).build();
    }
    wasAsked = true;
    return options.noWait().build();
  }

  @Override
  public void close() {
    if (fetch == null) {
      return;
    }
    FetchConsumer last = fetch;
    fetch = null;
    try {
      last.close();
    } catch (Exception e) { // as AutoCloseable says; the server forgets the consumer by itself
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
