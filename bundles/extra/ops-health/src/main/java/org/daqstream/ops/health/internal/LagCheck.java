/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.health.internal;

import java.util.Comparator;
import java.util.List;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.api.ServerStatus;

/**
 * How far the slowest client of each server is behind. That is the use of the log, too: the log
 * holds what the slowest client has not got yet, and nothing else in it is of use.
 */
record LagCheck(List<ServerMonitor> servers, Settings settings) implements HealthCheck {
  @Override
  public Result execute() {
    FormattingResultLog log = new FormattingResultLog();
    for (ServerMonitor server : servers) {
      try {
        check(server, log);
      } catch (IllegalStateException e) {
        log.warn("server {}: {}", server.name(), e.getMessage());
      }
    }
    if (servers.isEmpty()) {
      log.info("no server listens");
    }
    return new Result(log);
  }

  private void check(ServerMonitor server, FormattingResultLog log) {
    ServerStatus status = server.status();
    List<ClientStatus> slow =
        server.clients().stream()
            .filter(client -> client.lagPercent() >= settings.lagWarnPercent())
            .sorted(Comparator.comparingInt(ClientStatus::lagPercent).reversed())
            .toList();
    for (ClientStatus client : slow) {
      boolean critical = client.lagPercent() >= settings.lagCriticalPercent();
      String message =
          "server %s: %s at %s (%s) is behind by %d %% of the log (key %s = %d)"
              .formatted(
                  server.name(),
                  client.name(),
                  ClientStatus.hostAndPort(client.address()),
                  client.userAgent(),
                  client.lagPercent(),
                  critical ? Settings.LAG_CRITICAL_PERCENT : Settings.LAG_WARN_PERCENT,
                  critical ? settings.lagCriticalPercent() : settings.lagWarnPercent());
      if (critical) {
        log.critical("{}", message);
      } else {
        log.warn("{}", message);
      }
    }
    log.info(
        "server {}: {} clients, the log of {} bytes is used by {} %",
        server.name(), status.clients(), status.ringBytes(), status.lagPercent());
  }
}
