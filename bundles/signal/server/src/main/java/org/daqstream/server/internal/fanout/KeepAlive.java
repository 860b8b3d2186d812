/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.util.concurrent.TimeUnit;
import org.daqstream.protocol.Alive;
import org.daqstream.protocol.MetadataCodec;
import org.eclipse.jetty.websocket.core.OpCode;

/** What the server says of its own accord to clients; belongs to the fan-out thread. */
final class KeepAlive {
  private static final byte[] NO_PAYLOAD = {};

  private final FanOut fanOut;
  private final ServerStatistics statistics;
  private long nextAliveNanos;

  KeepAlive(FanOut fanOut, ServerStatistics statistics) {
    this.fanOut = fanOut;
    this.statistics = statistics;
  }

  /** Says what is due. */
  void run(long now, ServerLimits limits) {
    sendAlive(now, limits);
    sendPings(now, limits);
  }

  private static boolean isReached(Client client) {
    return client.state() == Client.State.STREAMING && !client.output().isBlocked();
  }

  /**
   * TCP alone does not notice that a peer to which nothing is sent is gone, nor does the log when
   * one reads none of its answers.
   */
  private void sendPings(long now, ServerLimits limits) {
    final long intervalNanos = TimeUnit.MILLISECONDS.toNanos(limits.pingIntervalMs());
    for (Client client : fanOut.clients()) {
      if (intervalNanos == 0 || client.state() != Client.State.STREAMING) {
        continue;
      }
      final boolean wasQuiet = client.wasQuiet(intervalNanos, now);
      if (client.output().isBlocked()) {
        if (wasQuiet) {
          statistics.tooSlow(client, "it took nothing of what waits for it (key pingIntervalMs)");
          fanOut.disconnect(client, "too slow: nothing was read (key pingIntervalMs)");
        }
      } else if (client.isSilent(intervalNanos, now)) {
        statistics.silent(client);
        fanOut.disconnect(client, "no answer to a ping (key pingIntervalMs)");
      } else if (wasQuiet) {
        client.pinged(now);
        fanOut.sendNow(client, OpCode.PING, NO_PAYLOAD);
      }
    }
  }

  private void sendAlive(long now, ServerLimits limits) {
    if (limits.aliveIntervalMs() == 0 || now - nextAliveNanos < 0) {
      return;
    }
    nextAliveNanos = now + TimeUnit.MILLISECONDS.toNanos(limits.aliveIntervalMs());
    for (Client client : fanOut.clients()) {
      if (isReached(client)) {
        final Alive alive = new Alive(fanOut.lagPercent(client));
        fanOut.sendNow(client, OpCode.BINARY, MetadataCodec.packet(0, alive.toMetadata()));
      }
    }
  }
}
