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
import io.nats.client.OrderedConsumerContext;
import io.nats.client.StreamContext;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.OrderedConsumerConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Reads the messages of a subject from a stream, by an ordered consumer; for one thread. */
final class StreamReader implements ImportWire.Reader {
  private static final int MESSAGES = 64;
  private static final long LEAST_WAIT_MS = 1_000; // of jnats

  private final OrderedConsumerContext consumer;
  private FetchConsumer fetch; // null while none runs
  private int fetched;
  private boolean wasAsked;

  /** As {@link ImportWire#read}. */
  StreamReader(StreamContext stream, String subject, long from, long historyMs)
      throws IOException, JetStreamApiException {
    OrderedConsumerConfiguration start = new OrderedConsumerConfiguration().filterSubject(subject);
    if (historyMs > 0) {
      start
          .deliverPolicy(DeliverPolicy.ByStartTime)
          .startTime(stream.getStreamInfo().getTimestamp().minus(Duration.ofMillis(historyMs)));
    } else if (from > 0) {
      start.deliverPolicy(DeliverPolicy.ByStartSequence).startSequence(from);
    }
    consumer = stream.createOrderedConsumer(start);
  }

  @Override
  public List<ImportWire.Kept> next(long waitMs) throws IOException {
    try {
      if (fetch == null) {
        fetch = consumer.fetch(options(waitMs));
        fetched = 0;
      }
      Message message = fetch.nextMessage();
      if (message == null) {
        boolean isMore = fetched == MESSAGES;
        close();
        return isMore ? next(waitMs) : List.of();
      }
      fetched++;
      long behind = message.metaData().pendingCount();
      return List.of(
          new ImportWire.Kept(message.metaData().streamSequence(), message.getData(), behind == 0));
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
