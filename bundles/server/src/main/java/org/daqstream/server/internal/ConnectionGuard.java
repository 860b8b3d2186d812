/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Connection;

/**
 * Bounds what connections can cost before and after the upgrade: how many may be waiting and how
 * long, how many clients there may be, in all and from one address. Any thread.
 */
final class ConnectionGuard implements Connection.Listener {
  private final ServerStatistics statistics;
  private final Map<Connection, Long> waitingSinceNanos = new ConcurrentHashMap<>();
  private final Map<InetAddress, Integer> clientsByAddress = new ConcurrentHashMap<>();
  private final AtomicInteger clients = new AtomicInteger();
  private volatile ServerLimits limits;

  ConnectionGuard(ServerStatistics statistics, ServerLimits limits) {
    this.statistics = statistics;
    this.limits = limits;
  }

  void setLimits(ServerLimits newLimits) {
    limits = newLimits;
  }

  ServerLimits limits() {
    return limits;
  }

  @Override
  public void onOpened(Connection connection) {
    if (connection instanceof StreamConnection) {
      return;
    }
    if (waitingSinceNanos.size() >= limits.pendingConnections()) {
      statistics.refused(
          connection.getEndPoint().getRemoteSocketAddress(),
          limits.pendingConnections() + " connections wait already (key pendingConnections)");
      connection.getEndPoint().close();
      return;
    }
    waitingSinceNanos.put(connection, System.nanoTime());
  }

  @Override
  public void onClosed(Connection connection) {
    waitingSinceNanos.remove(connection);
  }

  /** A request was answered: the connection may wait for its next one as long again. */
  void answered(Connection connection) {
    waitingSinceNanos.computeIfPresent(connection, (key, since) -> System.nanoTime());
  }

  /** Closes connections that took too long to say what they want, drop by drop or not at all. */
  void sweep() {
    final long limitNanos = TimeUnit.MILLISECONDS.toNanos(limits.requestTimeoutMs());
    final long now = System.nanoTime();
    waitingSinceNanos.forEach(
        (connection, since) -> {
          if (now - since > limitNanos) {
            waitingSinceNanos.remove(connection);
            statistics.refused(
                connection.getEndPoint().getRemoteSocketAddress(),
                "no complete request in time (key requestTimeoutMs)");
            connection.getEndPoint().close();
          }
        });
  }

  /** Why no client may come from this address now; {@code null} if it may. */
  String refusal(InetSocketAddress address) {
    if (clients.get() >= limits.clients()) {
      return limits.clients() + " clients are connected already (key clients)";
    }
    if (clientsByAddress.getOrDefault(address.getAddress(), 0) >= limits.clientsPerAddress()) {
      return limits.clientsPerAddress()
          + " clients are connected from this address already (key clientsPerAddress)";
    }
    return null;
  }

  void entered(InetSocketAddress address) {
    clients.incrementAndGet();
    clientsByAddress.merge(address.getAddress(), 1, Integer::sum);
  }

  void left(InetSocketAddress address) {
    clients.decrementAndGet();
    clientsByAddress.computeIfPresent(
        address.getAddress(), (key, count) -> count == 1 ? null : count - 1);
  }
}
