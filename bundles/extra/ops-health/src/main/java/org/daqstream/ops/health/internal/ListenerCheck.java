/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.health.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.daqstream.server.api.ServerMonitor;

/** Whether every server is there, answers, and takes connections on both of its ports. */
record ListenerCheck(List<ServerMonitor> servers, List<String> expected) implements HealthCheck {
  private static final int CONNECT_TIMEOUT_MS = 1_000;

  @Override
  public Result execute() {
    FormattingResultLog log = new FormattingResultLog();
    List<String> missing = new ArrayList<>(expected);
    for (ServerMonitor server : servers) {
      missing.remove(server.name());
      check(server, log);
    }
    if (!missing.isEmpty()) {
      log.critical(
          "server {} does not listen (key {}); the log says why",
          String.join(", ", missing),
          Settings.SERVERS);
    } else if (servers.isEmpty()) {
      log.critical("no server listens; the log says why");
    }
    return new Result(log);
  }

  private static void check(ServerMonitor server, FormattingResultLog log) {
    try {
      int clients = server.status().clients();
      for (String endpoint : server.endpoints()) {
        connect(endpoint);
      }
      log.info(
          "server {} listens on {}, {} clients",
          server.name(),
          String.join(" and ", server.endpoints()),
          clients);
    } catch (IllegalStateException | IOException e) {
      log.critical("server {}: {}", server.name(), e.getMessage());
    }
  }

  private static void connect(String endpoint) throws IOException {
    URI uri = URI.create(endpoint);
    InetAddress configured = InetAddress.getByName(uri.getHost());
    InetAddress address =
        configured.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : configured;
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, uri.getPort()), CONNECT_TIMEOUT_MS);
    } catch (IOException e) {
      throw new IOException(endpoint + " takes no connection: " + e.getMessage(), e);
    }
  }
}
