/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.KeyValue;
import io.nats.client.KeyValueManagement;
import io.nats.client.KeyValueOptions;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/**
 * What a publisher needs at a server: the bucket of descriptions, and the stream of data if it is
 * wanted. Each is made as it should be, unless it is there already, as who runs the server wants
 * it. By the publisher's tasks.
 */
final class PublishStore {
  private static final int NO_SUCH = 404;
  private static final Duration FORGET = Duration.ofMinutes(10);

  /** Descriptions are said so often within the time after which they are forgotten. */
  private static final int REPEATS = 3;

  /** Who does not answer keeps from being said that the publisher is there. */
  private static final JetStreamOptions ANSWER =
      JetStreamOptions.builder().requestTimeout(Duration.ofSeconds(2)).build();

  private static final KeyValueOptions ANSWER_OF_BUCKET =
      KeyValueOptions.builder().jetStreamOptions(ANSWER).build();

  private final PublishSettings settings;
  private Duration ttl = FORGET;
  private volatile long streamMessageBytes = Long.MAX_VALUE;

  PublishStore(PublishSettings settings) {
    this.settings = settings;
  }

  /** How often descriptions are to be said, so that the bucket does not forget them. */
  long repeatMs() {
    return ttl.toMillis() / REPEATS;
  }

  /** The longest message that the stream takes; for any thread. */
  long streamMessageBytes() {
    return streamMessageBytes;
  }

  KeyValue bucket(Connection connection) throws IOException {
    return connection.keyValue(settings.subjects().bucket(), ANSWER_OF_BUCKET);
  }

  /**
   * Looks for all, and makes what is not there.
   *
   * @return whether the bucket was made now
   * @throws IOException when it cannot be made, or is of no use as it is
   */
  boolean make(Connection connection) throws IOException, JetStreamApiException {
    boolean isMade = makeBucket(connection.keyValueManagement(ANSWER_OF_BUCKET));
    if (settings.isKeeping()) {
      makeStream(connection.jetStreamManagement(ANSWER));
    }
    return isMade;
  }

  private boolean makeBucket(KeyValueManagement management)
      throws IOException, JetStreamApiException {
    String bucket = settings.subjects().bucket();
    try {
      Duration given = management.getStatus(bucket).getTtl();
      boolean isForgetting = given != null && !given.isZero() && given.compareTo(FORGET) < 0;
      ttl = isForgetting ? given : FORGET;
      return false;
    } catch (JetStreamApiException e) {
      if (e.getErrorCode() != NO_SUCH) {
        throw e;
      }
    }
    ttl = FORGET;
    management.create(
        KeyValueConfiguration.builder()
            .name(bucket)
            .ttl(FORGET)
            .replicas(settings.replicas())
            .build());
    return true;
  }

  private void makeStream(JetStreamManagement management)
      throws IOException, JetStreamApiException {
    String stream = settings.subjects().stream();
    try {
      check(management.getStreamInfo(stream).getConfiguration());
    } catch (JetStreamApiException e) {
      if (e.getErrorCode() != NO_SUCH) {
        throw e;
      }
      management.addStream(
          StreamConfiguration.builder()
              .name(stream)
              .subjects(settings.subjects().allData())
              .maxAge(Duration.ofSeconds(settings.keepS()))
              .maxBytes(settings.keepBytes())
              .replicas(settings.replicas())
              .allowDirect(true)
              .build());
    }
  }

  /** What it would never take would keep all else back. */
  private void check(StreamConfiguration stream) throws IOException {
    String data = settings.subjects().allData();
    if (stream.getSubjects().stream().noneMatch(each -> Subjects.covers(each, data))) {
      throw new IOException(
          "stream %s is there for %s, and not for %s"
              .formatted(stream.getName(), Set.copyOf(stream.getSubjects()), data));
    }
    if (stream.getNoAck()) {
      throw new IOException("stream " + stream.getName() + " acknowledges nothing");
    }
    int most = stream.getMaximumMessageSize();
    streamMessageBytes = most > 0 ? most : Long.MAX_VALUE;
  }
}
