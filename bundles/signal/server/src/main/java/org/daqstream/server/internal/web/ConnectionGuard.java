/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.daqstream.server.internal.fanout.ServerLimits;
import org.daqstream.server.internal.fanout.ServerStatistics;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;

/**
 * Bounds what connections can cost before and after the upgrade: how many may be waiting and how
 * long, how many clients there may be, in all and from one address ({@link Networks}). Any thread.
 */
public final class ConnectionGuard implements Connection.Listener {
  private final ServerStatistics statistics;
  private final Map<Connection, Wait> waiting = new ConcurrentHashMap<>();
  private final Map<InetAddress, Integer> clientsByAddress = new ConcurrentHashMap<>();
  private final AtomicInteger clients = new AtomicInteger();
  private volatile ServerLimits limits;

  /**
   * A connection that may send a request, since it was opened, began its last request or got its
   * last answer; once answered there is nothing wrong with staying silent.
   */
  private record Wait(InetAddress from, long sinceNanos, boolean answered) {}

  public ConnectionGuard(ServerStatistics statistics, ServerLimits limits) {
    this.statistics = statistics;
    this.limits = limits;
  }

  public void setLimits(ServerLimits newLimits) {
    limits = newLimits;
  }

  ServerLimits limits() {
    return limits;
  }

  @Override
  public void onOpened(Connection connection) {
    try {
      opened(connection);
    } catch (RuntimeException | Error e) {
      // Jetty goes on with what it does behind this
      statistics.fault("connections are not looked after for a moment", e);
    }
  }

  private void opened(Connection connection) {
    if (connection instanceof SessionConnection || connection instanceof SslConnection) {
      return;
    }
    InetAddress from = addressOf(connection);
    waiting.put(connection, new Wait(from, System.nanoTime(), false));
    if (waiting.size() > limits.pendingPerAddress()) {
      closeLongestWaiting(from);
    }
    if (waiting.size() > limits.pendingConnections()) {
      closeLongestWaiting();
    }
  }

  private synchronized void closeLongestWaiting(InetAddress from) {
    int limit = limits.pendingPerAddress();
    long count = waiting.values().stream().filter(wait -> wait.from.equals(from)).count();
    for (; count > limit; count--) {
      closeLongestWaiting(
          wait -> wait.from.equals(from),
          limit + " connections of this address wait (key pendingPerAddress)");
    }
  }

  private void closeLongestWaiting(Predicate<Wait> choice, String why) {
    long now = System.nanoTime();
    waiting.entrySet().stream()
        .filter(entry -> choice.test(entry.getValue()))
        .max(Comparator.comparingLong(entry -> now - entry.getValue().sinceNanos))
        .ifPresent(entry -> refuse(entry.getKey(), "more than " + why));
  }

  /**
   * Who means well is done in a moment; so a flood of idle connections only displaces itself, and
   * first of all those of the same address.
   */
  private synchronized void closeLongestWaiting() {
    while (waiting.size() > limits.pendingConnections()) {
      Map<InetAddress, Long> counts =
          waiting.values().stream()
              .collect(Collectors.groupingBy(Wait::from, Collectors.counting()));
      long most = counts.values().stream().max(Comparator.naturalOrder()).orElse(0L);
      closeLongestWaiting(
          wait -> counts.getOrDefault(wait.from, most) == most,
          limits.pendingConnections() + " connections wait (key pendingConnections)");
    }
  }

  private static InetAddress addressOf(Connection connection) {
    return connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress peer
        ? Networks.of(peer.getAddress())
        : InetAddress.getLoopbackAddress(); // gone again
  }

  private void refuse(Connection connection, String why) {
    Wait wait = waiting.remove(connection);
    if (wait != null) {
      if (!wait.answered) {
        statistics.refused(connection.getEndPoint().getRemoteSocketAddress(), why);
      }
      connection.getEndPoint().close();
    }
  }

  @Override
  public void onClosed(Connection connection) {
    waiting.remove(connection);
  }

  /** A request began: the time that passed since the last answer is no part of its own. */
  void began(Connection connection) {
    waiting.computeIfPresent(
        connection, (key, wait) -> new Wait(wait.from, System.nanoTime(), wait.answered));
  }

  /** A request was answered: the connection may wait for its next one as long again. */
  void answered(Connection connection) {
    waiting.computeIfPresent(
        connection, (key, wait) -> new Wait(wait.from, System.nanoTime(), true));
  }

  /** Closes connections that took too long to say what they want, drop by drop or not at all. */
  public void sweep() {
    long limitNanos = TimeUnit.MILLISECONDS.toNanos(limits.requestTimeoutMs());
    long now = System.nanoTime();
    waiting.forEach(
        (connection, wait) -> {
          if (now - wait.sinceNanos > limitNanos) {
            refuse(connection, "no complete request in time (key requestTimeoutMs)");
          }
        });
  }

  /** Why no client may come from this address now; {@code null} if it may. */
  String refusal(InetSocketAddress address) {
    return refusal(
        clients.get(), clientsByAddress.getOrDefault(Networks.of(address.getAddress()), 0));
  }

  private String refusal(int all, int fromAddress) {
    if (all >= limits.clients()) {
      return limits.clients() + " clients are connected already (key clients)";
    }
    if (fromAddress >= limits.clientsPerAddress()) {
      return limits.clientsPerAddress()
          + " clients are connected from this address already (key clientsPerAddress)";
    }
    return null;
  }

  /**
   * Counts a client in, until it has {@link #left}; gives why there are too many now, or {@code
   * null}.
   */
  String entered(InetSocketAddress address) {
    int all = clients.incrementAndGet();
    int fromAddress = clientsByAddress.merge(Networks.of(address.getAddress()), 1, Integer::sum);
    return refusal(all - 1, fromAddress - 1);
  }

  public int clientCount() {
    return clients.get();
  }

  /** Number of connections that have not become a client. */
  public int waitingCount() {
    return waiting.size();
  }

  void left(InetSocketAddress address) {
    clients.decrementAndGet();
    clientsByAddress.computeIfPresent(
        Networks.of(address.getAddress()), (key, count) -> count == 1 ? null : count - 1);
  }
}
