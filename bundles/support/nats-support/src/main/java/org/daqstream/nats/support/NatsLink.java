/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.support;

import io.nats.client.Connection;
import io.nats.client.api.ServerInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.base.support.Backoff;
import org.daqstream.base.support.ForeignText;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.base.support.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to one of several servers of NATS, made in the background and made again when it
 * breaks, as long as the link is open. Each is a new {@link Connection} of jnats, with none of the
 * subscriptions, consumers and unsent messages of the last: whoever uses it makes them anew when it
 * is told of the connection. So nothing is sent twice, nothing piles up while no server is there,
 * and no consumer stays silent after a restart of the server.
 */
public final class NatsLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NatsLink.class);

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LASTING_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long CLOSE_MS = 1_000;
  private static final int NAME_CHARS_MAX = 200;

  private final NatsOptions options;
  private final Listener listener;
  private final ServerList servers;
  private final Backoff backoff;
  private final ProblemLog problems;
  private final Worker worker;
  private volatile Connection connection;
  private volatile long maxPayloadBytes = -1; // of the last
  private volatile Connection givenUp; // by whom it was made for
  private final AtomicLong droppedBefore = new AtomicLong();
  private volatile LinkEvents events = new LinkEvents(() -> {});

  /** Hears of the connection, on the thread of the link: what takes long keeps it from the next. */
  public interface Listener {
    /**
     * There is a connection.
     *
     * @param connection until it is told that it is gone; not to be closed
     * @param server its name and address, fit for a log
     */
    void connected(Connection connection, String server);

    /**
     * The connection that was there is gone.
     *
     * @param why in words, fit for a log
     */
    void disconnected(String why);

    /**
     * Something is wrong: no server can be reached, one refuses, a message was refused. Not too
     * often, and not what was said just before.
     *
     * @param text fit for a log
     */
    void problem(String text);
  }

  /**
   * Creates a link that does nothing before its start.
   *
   * @param threadName of its thread; those of jnats are named after the client
   */
  public NatsLink(String threadName, NatsOptions options, Listener listener) {
    this.options = options;
    this.listener = listener;
    servers = new ServerList(options);
    backoff = new Backoff(options.backoffMaxMs, new Random());
    problems = new ProblemLog(listener::problem);
    worker = new Worker(threadName, this::run, () -> events.abort());
  }

  /** Begins to connect, once. */
  public void start() {
    worker.start();
  }

  /** The connection; null while there is none. */
  public Connection connection() {
    return connection;
  }

  /** The longest message that the server takes, in bytes; that of the last, -1 before the first. */
  public long maxPayloadBytes() {
    Connection now = connection;
    return now == null ? maxPayloadBytes : now.getMaxPayload(); // which a server may change
  }

  /**
   * Ends a connection that something is wrong with, if it is still the one; another is made. Does
   * not wait for it.
   *
   * @param why in words, fit for a log
   */
  public void giveUp(Connection made, String why) {
    problems.say(why);
    givenUp = made;
    worker.wake();
  }

  /**
   * Waits until the server has answered a ping behind all that was handed to a connection. {@link
   * Connection#flush} alone returns as well when the connection has ended, or when it has not sent
   * a ping because others are not answered.
   *
   * @return whether it has; not when it takes longer, or has ended
   */
  public boolean hasAll(Connection made, Duration limit) throws InterruptedException {
    LinkEvents told = events;
    try {
      made.flush(limit);
    } catch (TimeoutException | IllegalStateException e) {
      LOG.debug("{}: no answer", worker.name(), e);
      return false;
    }
    return connection == made
        && made.getStatus() == Connection.Status.CONNECTED
        && !told.isSilent();
  }

  /**
   * Messages of this connection, or the last, that the server has not let through because the user
   * may not. It has told of them before it answers a ping that was sent later.
   */
  public long refusedMessages() {
    return events.refusedMessages();
  }

  /** Its subscriptions that were refused or taken back for the same reason. */
  public long refusedSubscriptions() {
    return events.refusedSubscriptions();
  }

  /** Messages that jnats dropped because its queues were full, of all connections. */
  public long droppedMessages() {
    return droppedBefore.get() + events.dropped();
  }

  /** What was wrong last; empty when all is well. */
  public String lastProblem() {
    return problems.last();
  }

  private void run(Worker current) {
    while (current.isWanted()) {
      try {
        connectAndServe();
      } catch (RuntimeException | Error e) { // no thread for jnats, for example
        LOG.warn("{} goes on", worker.name(), e);
        problems.say(LinkEvents.text(e));
      }
      current.rest(TimeUnit.MILLISECONDS.toNanos(backoff.nextMs()));
    }
  }

  private void connectAndServe() {
    long startNanos = System.nanoTime();
    Connection made = connectToAny();
    if (made != null) {
      serve(made);
      if (System.nanoTime() - startNanos > LASTING_NANOS) {
        backoff.reset();
      }
    }
  }

  private Connection connectToAny() {
    for (ServerList.Server server : servers.round()) {
      if (!worker.isWanted()) {
        return null;
      }
      Connection made = connect(server);
      if (made != null) {
        return made;
      }
    }
    return null;
  }

  private Connection connect(ServerList.Server server) {
    LinkEvents told = new LinkEvents(worker::wake);
    events = told;
    told.connecting();
    try {
      return worker.isWanted() ? servers.connect(server, told) : null;
    } catch (IOException | RuntimeException | InterruptedException e) {
      if (worker.isWanted()) {
        problems.say(server.address() + ": " + why(told, e));
      }
      return null;
    } finally {
      told.connected();
    }
  }

  /** The server's own words, or what jnats told before it threw something general. */
  private static String why(LinkEvents told, Exception failure) {
    if (!told.refusal().isEmpty()) {
      return told.refusal();
    }
    return told.last().isEmpty() ? LinkEvents.text(failure) : told.last();
  }

  private void serve(Connection made) {
    LinkEvents told = events;
    maxPayloadBytes = made.getMaxPayload();
    connection = made;
    problems.clear();
    String why = "closed";
    try {
      listener.connected(made, name(made));
      while (worker.isWanted() && made != givenUp && !told.isEnded()) {
        sayProblems(told);
        worker.rest(LOOK_NANOS);
      }
    } catch (RuntimeException e) {
      LOG.warn("{}: whoever uses the connection failed", worker.name(), e);
      why = e.toString();
    }
    if (told.isEnded()) {
      why = told.last().isEmpty() ? LinkEvents.ENDED : told.last();
    } else if (made == givenUp) {
      why = problems.last();
    }
    maxPayloadBytes = made.getMaxPayload();
    connection = null;
    close(made);
    sayProblems(told);
    events = new LinkEvents(() -> {});
    droppedBefore.addAndGet(told.dropped());
    listener.disconnected(why);
  }

  private void sayProblems(LinkEvents told) {
    for (String text = told.nextProblem(); text != null; text = told.nextProblem()) {
      problems.say(text);
    }
  }

  /** A server that was given no name has its id for one, which nobody knows. */
  private static String name(Connection made) {
    ServerInfo info = made.getServerInfo();
    boolean named =
        info.getServerName() != null && !info.getServerName().equals(info.getServerId());
    String url = made.getConnectedUrl();
    String text = (named ? info.getServerName() + " at " : "") + (url == null ? "?" : url);
    return ForeignText.plain(text, NAME_CHARS_MAX);
  }

  private void close(Connection made) {
    try {
      made.close();
    } catch (InterruptedException e) {
      problems.say("interrupted while closing");
    }
  }

  /** Ends the connection and does not make another, as {@link #close(long)} within a second. */
  @Override
  public void close() {
    close(CLOSE_MS);
  }

  /**
   * Ends the connection and does not make another. What jnats has not sent is lost.
   *
   * @param limitMs how long to wait for that
   * @return whether all has ended; otherwise it does soon, at the latest when an attempt to connect
   *     has timed out
   */
  public boolean close(long limitMs) {
    return worker.stop(limitMs);
  }

  /** Where it connects. */
  @Override
  public String toString() {
    return options.toString();
  }
}
