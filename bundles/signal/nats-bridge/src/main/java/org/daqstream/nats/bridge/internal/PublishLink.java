/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.nats.support.NatsLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A publisher's connection: makes what descriptions and data are kept in, hears what importers
 * want, and says that the publisher is there.
 */
final class PublishLink implements NatsLink.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(PublishLink.class);
  private static final long ALIVE_MS = 2_000;

  private static final long CLOSE_MS = 2_000;
  private static final Duration END = Duration.ofSeconds(1);
  private static final long NANOS_PER_MS = 1_000_000;

  private final String name;
  private final String publisher;
  private final PublishSettings settings;
  private final PublishLoop loop;
  private final Announcer announcer;
  private final OrderedTasks tasks;
  private final LookPace pace;
  private final NatsLink link;
  private final PublishStore store;
  private final ProblemLog problems = new ProblemLog(LOG::warn);
  private boolean isPrepared; // what is kept was there; by the tasks
  private long repeatedNanos; // by the tasks
  private volatile Connection ready; // with all that is needed
  private volatile String server = "";
  private volatile String problem = "";

  PublishLink(
      String name,
      String publisher,
      PublishSettings settings,
      PublishLoop loop,
      Announcer announcer,
      OrderedTasks tasks,
      LookPace pace) {
    this.name = name;
    this.publisher = publisher;
    this.settings = settings;
    this.loop = loop;
    this.announcer = announcer;
    this.tasks = tasks;
    this.pace = pace;
    store = new PublishStore(settings);
    link = new NatsLink("daqstream-nats-publish-link " + name, settings.server(), this);
  }

  void start() {
    tasks.every(ALIVE_MS, this::sayAlive);
    tasks.every(pace.storeMs(), this::lookAfter);
    link.start();
  }

  /** The connection when everything is there that publishing needs, else {@code null}. */
  Connection connection() {
    return ready;
  }

  /** The longest message that the stream takes. */
  long streamMessageBytes() {
    return store.streamMessageBytes();
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
      store.make(connection);
      isPrepared = true;
      use(connection, to);
      problem = "";
      problems.clear();
      repeatedNanos = System.nanoTime();
      announcer.connected(store.bucket(connection));
    } catch (IOException | JetStreamApiException | RuntimeException e) {
      problem = e.getMessage();
      problems.say(name + ": not all is there at " + to + ", is tried again: " + e.getMessage());
      tasks.after(pace.retryMs() / 2, () -> prepare(connection, to));
    }
  }

  private void use(Connection connection, String to) {
    if (ready == connection) {
      return;
    }
    connection
        .createDispatcher(message -> heard(WantMessage.read(message.getData())))
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

  /** By a thread of the connection. */
  private void heard(WantMessage message) {
    loop.wanted(message);
    if (message.asked().contains(publisher)) {
      sayAlive();
    }
  }

  /** Who runs the server may have deleted what is kept, all of which is said again then. */
  private void lookAfter() {
    Connection connection = ready;
    if (connection == null || !isPrepared) {
      return;
    }
    try {
      if (store.make(connection)) {
        LOG.warn("{}: the descriptions at {} were gone, and are said again", name, server);
        announcer.connected(store.bucket(connection));
      } else if (System.nanoTime() - repeatedNanos >= store.repeatMs() * NANOS_PER_MS) {
        announcer.repeat();
      } else {
        problem = "";
        return;
      }
      repeatedNanos = System.nanoTime();
    } catch (IOException | JetStreamApiException | RuntimeException e) {
      problem = e.getMessage();
      problems.say(name + ": cannot look after what is kept at " + server + ": " + e.getMessage());
    }
  }

  private void sayAlive() {
    Connection connection = ready;
    if (connection != null) {
      say(connection, publisher);
    }
  }

  private void say(Connection to, String text) {
    try {
      to.publish(settings.subjects().alive(), text.getBytes(StandardCharsets.UTF_8));
    } catch (IllegalStateException e) { // it is gone, which will be told
      LOG.debug("{}: not said: {}", name, text, e);
    }
  }

  /** Ends; what is published is withdrawn before, if that can be said. By the tasks' owner. */
  void close() {
    Connection last = ready;
    ready = null;
    if (last != null) {
      say(last, publisher + Publishers.GONE);
      flush(last);
    }
    link.close(CLOSE_MS);
  }

  private static void flush(Connection last) {
    try {
      last.flush(END);
    } catch (TimeoutException | IllegalStateException e) {
      LOG.debug("the end was perhaps not told", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
