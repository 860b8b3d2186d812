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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.nats.support.NatsLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A publisher's connection: makes what descriptions and data are kept in, hears what importers
 * want, and says that the publisher is there.
 */
final class PublishLink implements NatsLink.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(PublishLink.class);
  private static final int NO_SUCH = 404;
  private static final long ALIVE_MS = 2_000;
  private static final long RETRY_MS = 1_000;

  /** Who does not answer keeps from being said that the publisher is there. */
  private static final JetStreamOptions ANSWER =
      JetStreamOptions.builder().requestTimeout(Duration.ofSeconds(2)).build();

  private static final KeyValueOptions ANSWER_OF_BUCKET =
      KeyValueOptions.builder().jetStreamOptions(ANSWER).build();

  private static final long CLOSE_MS = 2_000;
  private static final Duration FORGET = Duration.ofMinutes(10);
  private static final long REPEAT_MS = FORGET.toMillis() / 3;

  private final String name;
  private final String publisher;
  private final PublishSettings settings;
  private final PublishLoop loop;
  private final Announcer announcer;
  private final OrderedTasks tasks;
  private final NatsLink link;
  private boolean isPrepared; // what is kept was there; by the tasks
  private volatile Connection ready; // with all that is needed
  private volatile String server = "";
  private volatile String problem = "";

  PublishLink(
      String name,
      String publisher,
      PublishSettings settings,
      PublishLoop loop,
      Announcer announcer,
      OrderedTasks tasks) {
    this.name = name;
    this.publisher = publisher;
    this.settings = settings;
    this.loop = loop;
    this.announcer = announcer;
    this.tasks = tasks;
    link = new NatsLink("daqstream-nats-publish-link " + name, settings.server(), this);
  }

  void start() {
    tasks.every(ALIVE_MS, this::sayAlive);
    tasks.every(REPEAT_MS, announcer::repeat);
    link.start();
  }

  /** The connection when everything is there that publishing needs, else {@code null}. */
  Connection connection() {
    return ready;
  }

  /** What it is connected to; empty while it is not. */
  String server() {
    return ready == null ? "" : server;
  }

  /** What is wrong; empty when all is well. */
  String problemNow() {
    return ready == null && problem.isEmpty() ? "not connected" : problem;
  }

  @Override
  public void connected(Connection connection, String server) {
    tasks.execute(() -> prepare(connection, server));
  }

  @Override
  public void disconnected(String why) {
    Connection before = ready;
    ready = null;
    tasks.execute(announcer::disconnected);
    if (before != null) {
      LOG.warn("{}: the connection is gone: {}", name, why);
    }
  }

  @Override
  public void problem(String text) {
    problem = text;
    LOG.warn("{}: {}", name, text);
  }

  /**
   * Looks for what is kept, or makes it. That was there once outlives a server, and may not answer
   * for seconds while servers choose who leads them: publishing does not wait for it then.
   */
  private void prepare(Connection connection, String to) {
    if (link.connection() != connection) {
      return;
    }
    try {
      if (isPrepared) {
        use(connection, to);
      }
      KeyValue bucket = bucket(connection);
      if (settings.isKeeping()) {
        makeStream(connection.jetStreamManagement(ANSWER));
      }
      isPrepared = true;
      use(connection, to);
      problem = "";
      announcer.connected(bucket);
    } catch (IOException | JetStreamApiException | RuntimeException e) {
      problem = e.getMessage();
      LOG.warn("{}: not all is there at {}, is tried again: {}", name, to, e.getMessage());
      tasks.after(RETRY_MS, () -> prepare(connection, to));
    }
  }

  private void use(Connection connection, String to) {
    if (ready == connection) {
      return;
    }
    connection
        .createDispatcher(message -> loop.wanted(WantMessage.read(message.getData())))
        .subscribe(settings.subjects().wanted());
    server = to;
    ready = connection;
    if (link.connection() != connection) { // that was told before
      ready = null;
      return;
    }
    LOG.info("{}: sends signals to {}", name, to);
    sayAlive();
  }

  /** Makes it as it should be, unless it is there already, as who runs the server wants it. */
  private KeyValue bucket(Connection connection) throws IOException, JetStreamApiException {
    String bucket = settings.subjects().bucket();
    KeyValueManagement management = connection.keyValueManagement(ANSWER_OF_BUCKET);
    try {
      management.getStatus(bucket);
    } catch (JetStreamApiException e) {
      if (e.getErrorCode() != NO_SUCH) {
        throw e;
      }
      management.create(
          KeyValueConfiguration.builder()
              .name(bucket)
              .ttl(FORGET)
              .replicas(settings.replicas())
              .build());
    }
    return connection.keyValue(bucket, ANSWER_OF_BUCKET);
  }

  private void makeStream(JetStreamManagement management)
      throws IOException, JetStreamApiException {
    String stream = settings.subjects().stream();
    try {
      management.getStreamInfo(stream);
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

  private void sayAlive() {
    Connection connection = ready;
    if (connection != null) {
      try {
        connection.publish(settings.subjects().alive(), publisher.getBytes(StandardCharsets.UTF_8));
      } catch (IllegalStateException e) { // it is gone, which will be told
        LOG.debug("{}: not said that it is there", name, e);
      }
    }
  }

  /** Ends; what is published is withdrawn before, if that can be said. By the tasks' owner. */
  void close() {
    ready = null;
    link.close(CLOSE_MS);
  }
}
