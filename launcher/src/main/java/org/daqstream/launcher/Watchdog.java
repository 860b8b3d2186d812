/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Asks the servers now and then. One that does not answer for {@value #LIMIT_MS} ms will not do so
 * again; then somebody has to end the process, for others to start it anew.
 */
final class Watchdog implements Runnable {
  static final long LIMIT_MS = 30_000;
  static final long PERIOD_MS = 5_000;

  /** A process that was stopped for an hour was silent for no longer than a look takes. */
  private static final long LOOK_MS_MAX = 2 * PERIOD_MS;

  private final Supplier<List<Server>> servers;
  private final Runnable whenWell;
  private final Consumer<String> whenStuck;
  private final Map<Object, Long> silentMs = new HashMap<>();

  /**
   * One to ask.
   *
   * @param key the same for as long as it is the same server
   * @param name as people know it
   * @param answers whether it does what it is there for; blocks for some seconds at most
   */
  record Server(Object key, String name, BooleanSupplier answers) {}

  /**
   * Makes a watchdog.
   *
   * @param servers those there are now
   * @param whenWell called after each look at which every server answered
   * @param whenStuck told which server has been silent for too long
   */
  Watchdog(Supplier<List<Server>> servers, Runnable whenWell, Consumer<String> whenStuck) {
    this.servers = servers;
    this.whenWell = whenWell;
    this.whenStuck = whenStuck;
  }

  /** Begins; nobody ends it. Made by hand: the launcher has no class of a bundle. */
  void start() {
    Thread thread = new Thread(this, "daqstream-watchdog");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    long lastNanos = System.nanoTime();
    while (true) {
      try {
        Thread.sleep(PERIOD_MS);
        List<Server> silent = silent();
        long now = System.nanoTime();
        took((now - lastNanos) / 1_000_000, silent);
        lastNanos = now;
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        System.err.println("daqstream: the watchdog goes on after " + e);
      }
    }
  }

  private List<Server> silent() {
    return servers.get().stream().filter(server -> !server.answers().getAsBoolean()).toList();
  }

  /** Counts the time since the look before for those who were silent at this one. */
  void took(long lookMs, List<Server> silent) {
    List<Object> keys = silent.stream().map(Server::key).toList();
    silentMs.keySet().retainAll(keys);
    for (Server server : silent) {
      if (silentMs.merge(server.key(), Math.min(lookMs, LOOK_MS_MAX), Long::sum) >= LIMIT_MS) {
        whenStuck.accept(server.name());
      }
    }
    if (keys.isEmpty()) {
      whenWell.run();
    }
  }
}
