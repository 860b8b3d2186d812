/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.util.concurrent.TimeUnit;
import org.daqstream.protocol.Alive;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.MetadataCodec;
import org.eclipse.jetty.util.Callback;

/** What the server says of its own accord to clients; belongs to the fan-out thread. */
final class KeepAlive {
  private static final byte[] NO_PAYLOAD = {};

  private final Clients clients;
  private final ServerStatistics statistics;
  private long nextAliveNanos;

  KeepAlive(Clients clients, ServerStatistics statistics) {
    this.clients = clients;
    this.statistics = statistics;
  }

  /** Says what is due. */
  void run(long now, ServerLimits limits) {
    sendAlive(now, limits);
    sendPings(now, limits);
  }

  /**
   * TCP alone does not notice that a peer to which nothing is sent is gone, nor does the log when
   * one reads none of its answers.
   */
  private void sendPings(long now, ServerLimits limits) {
    long intervalNanos = TimeUnit.MILLISECONDS.toNanos(limits.pingIntervalMs());
    for (Client client : clients.all()) {
      if (intervalNanos == 0 || client.state() != Client.State.OPEN) {
        continue;
      }
      boolean wasQuiet =
          client.lifeSigns().wasQuiet(client.output().sentBytes(), intervalNanos, now);
      if (client.output().isBlocked()) {
        if (wasQuiet && !clients.takesAny(client)) {
          statistics.tooSlow(client, "it took nothing of what waits for it (key pingIntervalMs)");
          clients.close(client, Farewell.tooSlow("nothing was read (key pingIntervalMs)"));
        }
      } else if (!client.hasCommands() && client.lifeSigns().isSilent(intervalNanos, now)) {
        statistics.silent(client);
        clients.close(client, Farewell.SILENT);
      } else if (wasQuiet) {
        client.lifeSigns().pinged(now);
        clients.send(client, FrameHeader.PING, NO_PAYLOAD, Callback.NOOP);
      }
    }
  }

  private void sendAlive(long now, ServerLimits limits) {
    if (limits.aliveIntervalMs() == 0 || now - nextAliveNanos < 0) {
      return;
    }
    nextAliveNanos = now + TimeUnit.MILLISECONDS.toNanos(limits.aliveIntervalMs());
    for (Client client : clients.all()) {
      if (client.state() == Client.State.OPEN && !client.output().isBlocked()) {
        Alive alive = new Alive(clients.lagPercent(client));
        clients.send(
            client, FrameHeader.BINARY, MetadataCodec.packet(0, alive.toMetadata()), Callback.NOOP);
      }
    }
  }
}
