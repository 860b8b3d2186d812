/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.health.internal;

import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.api.ServerMonitor;

/** Disconnected clients and dropped data of the last minute. */
record EventsCheck(
    List<ServerMonitor> servers, Settings settings, LastMinute lastMinute, LongSupplier nanoTime)
    implements HealthCheck {
  @Override
  public Result execute() {
    FormattingResultLog log = new FormattingResultLog();
    for (ServerMonitor server : servers) {
      try {
        LastMinute.Recent recent =
            lastMinute.look(servers, server, server.status(), nanoTime.getAsLong(), Instant.now());
        check(server.name(), recent, log);
      } catch (IllegalStateException e) {
        log.warn("server {}: {}", server.name(), e.getMessage());
      }
    }
    if (servers.isEmpty()) {
      log.info("no server listens");
    }
    return new Result(log);
  }

  private void check(String server, LastMinute.Recent recent, FormattingResultLog log) {
    long disconnected = recent.count(ServerEvent.DISCONNECTED);
    if (disconnected >= settings.disconnectsWarn()) {
      log.warn(
          "server {}: {} clients left in the last {} s (key {} = {})",
          server,
          disconnected,
          recent.seconds(),
          Settings.DISCONNECTS_WARN,
          settings.disconnectsWarn());
    } else {
      log.info(
          "server {}: {} clients left in the last {} s", server, disconnected, recent.seconds());
    }
    any(
        server,
        recent,
        ServerEvent.TOO_SLOW,
        "clients were too slow and lost their connection",
        log);
    any(server, recent, ServerEvent.GAP, "holes are in what slow clients got", log);
    any(server, recent, ServerEvent.BLOCK_TOO_LARGE, "blocks were too large and are lost", log);
    any(server, recent, ServerEvent.REFUSED, "connections were refused because of a limit", log);
    any(server, recent, ServerEvent.NOT_ACCEPTED, "connections could not be accepted", log);
  }

  private static void any(
      String server,
      LastMinute.Recent recent,
      ServerEvent event,
      String what,
      FormattingResultLog log) {
    if (recent.count(event) > 0) {
      log.warn(
          "server {}: {} {} in the last {} s; the log names them",
          server,
          recent.count(event),
          what,
          recent.seconds());
    }
  }
}
