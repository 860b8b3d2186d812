/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.daqstream.base.support.OrderedTasks;

/**
 * Gives up a connection that does not greet, or is silent and does not answer as it did. By the
 * tasks' thread.
 */
final class ConnectionWatch {
  private static final int PINGS_WITHOUT_PONG = 3;

  private final ClientSettings settings;
  private final OrderedTasks tasks;
  private final Predicate<Connection> isPresent;
  private final BooleanSupplier isGreeted;
  private final Consumer<String> problem;

  /**
   * Watches nothing.
   *
   * @param isPresent whether a connection is still the one in use
   * @param isGreeted whether that has greeted
   */
  ConnectionWatch(
      ClientSettings settings,
      OrderedTasks tasks,
      Predicate<Connection> isPresent,
      BooleanSupplier isGreeted,
      Consumer<String> problem) {
    this.settings = settings;
    this.tasks = tasks;
    this.isPresent = isPresent;
    this.isGreeted = isGreeted;
    this.problem = problem;
  }

  /** Watches a connection until it is not the present one any more; any thread. */
  void begin(Connection watched) {
    tasks.after(
        settings.connectTimeoutMs(),
        () -> {
          if (isPresent.test(watched) && !isGreeted.getAsBoolean()) {
            problem.accept("no greeting within " + settings.connectTimeoutMs() + " ms");
            watched.abort();
          }
        });
    tasks.after(settings.pingIntervalMs(), () -> keepAlive(watched));
  }

  private void keepAlive(Connection watched) {
    if (!isPresent.test(watched)) {
      return;
    }
    long silentMs = TimeUnit.NANOSECONDS.toMillis(watched.silenceNanos());
    if (silentMs >= 2L * settings.pingIntervalMs() && watched.hasPonged()) {
      problem.accept("silent for " + silentMs + " ms, and no answer to a ping");
      watched.abort();
      return;
    }
    // What is not acknowledged keeps the system's own probes away: no pings where none is answered.
    if (watched.hasPonged()
        ? silentMs >= settings.pingIntervalMs() / 2
        : watched.pings() < PINGS_WITHOUT_PONG) {
      watched.ping();
    }
    tasks.after(settings.pingIntervalMs(), () -> keepAlive(watched));
  }
}
