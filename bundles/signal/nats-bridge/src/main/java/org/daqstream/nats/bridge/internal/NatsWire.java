/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import io.nats.client.Connection;
import io.nats.client.Consumer;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamOptions;
import io.nats.client.Subscription;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.KeyValueOperation;
import io.nats.client.api.KeyValueWatchOption;
import io.nats.client.api.KeyValueWatcher;
import io.nats.client.impl.NatsKeyValueWatchSubscription;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection of jnats for an import. */
final class NatsWire implements ImportWire {
  private static final Logger LOG = LoggerFactory.getLogger(NatsWire.class);
  private static final int NO_SUCH = 404;
  private static final String STREAM_OF_BUCKET = "KV_";
  private static final Duration ANSWER = Duration.ofSeconds(1);
  private static final JetStreamOptions SOON =
      JetStreamOptions.builder().requestTimeout(Duration.ofSeconds(2)).build();

  private final Connection connection;
  private final String server;
  private final Dispatcher dispatcher;

  /**
   * Of a connection that was just made.
   *
   * @param queueBytes of messages that wait to be taken
   */
  NatsWire(Connection connection, String server, long queueBytes) {
    this.connection = connection;
    this.server = server;
    dispatcher = connection.createDispatcher();
    dispatcher.setPendingLimits(Consumer.DEFAULT_MAX_MESSAGES, queueBytes);
  }

  @Override
  public Runnable subscribe(String subject, java.util.function.Consumer<byte[]> to) {
    try {
      Subscription made = dispatcher.subscribe(subject, message -> to.accept(message.getData()));
      return () -> ifOpen(() -> dispatcher.unsubscribe(made));
    } catch (IllegalStateException e) { // the connection is gone, which will be told
      LOG.debug("not subscribed to {}", subject, e);
      return () -> {};
    }
  }

  private static void ifOpen(Runnable step) {
    try {
      step.run();
    } catch (IllegalStateException e) { // of a connection that is gone
      LOG.debug("the connection is gone", e);
    }
  }

  @Override
  public void publish(String subject, byte[] message) {
    ifOpen(() -> connection.publish(subject, message));
  }

  @Override
  public long messageBytes() {
    return connection.getMaxPayload();
  }

  @Override
  public long dropped() {
    return dispatcher.getDroppedCount();
  }

  @Override
  public boolean isAnswering() {
    try {
      connection.flush(ANSWER);
      return true;
    } catch (TimeoutException | IllegalStateException e) {
      LOG.debug("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  @Override
  public String server() {
    return server;
  }

  @Override
  public Runnable watch(String bucket, Watcher watcher) throws IOException {
    try {
      NatsKeyValueWatchSubscription watch =
          connection
              .keyValue(bucket)
              .watchAll(new Entries(watcher), KeyValueWatchOption.INCLUDE_HISTORY);
      return () -> ifOpen(watch::unsubscribe);
    } catch (JetStreamApiException | RuntimeException e) {
      throw new IOException("bucket " + bucket + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @Override
  public String lifeOf(String bucket) throws IOException {
    try {
      return connection
          .jetStreamManagement(SOON)
          .getStreamInfo(STREAM_OF_BUCKET + bucket)
          .getCreateTime()
          .toString();
    } catch (JetStreamApiException | RuntimeException e) {
      throw new IOException("bucket " + bucket + ": " + e.getMessage(), e);
    }
  }

  /** A thread of the import is to end. */
  static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IOException("interrupted", e);
  }

  private record Entries(Watcher watcher) implements KeyValueWatcher {
    @Override
    public void watch(KeyValueEntry entry) {
      if (entry.getOperation() == KeyValueOperation.PUT) {
        byte[] text = entry.getValue();
        watcher.put(entry.getKey(), text == null ? new byte[0] : text);
      } else {
        watcher.removed(entry.getKey());
      }
    }

    @Override
    public void endOfData() {
      watcher.complete();
    }
  }

  @Override
  public boolean hasStream(String stream) throws IOException {
    try {
      connection.jetStreamManagement(SOON).getStreamInfo(stream);
      return true;
    } catch (JetStreamApiException e) {
      if (e.getErrorCode() == NO_SUCH) {
        return false;
      }
      throw new IOException(e.getMessage(), e);
    } catch (IllegalStateException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public Reader read(String stream, String subject, long from, long historyMs) throws IOException {
    try {
      return new StreamReader(connection.getStreamContext(stream), subject, from, historyMs);
    } catch (JetStreamApiException | RuntimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
