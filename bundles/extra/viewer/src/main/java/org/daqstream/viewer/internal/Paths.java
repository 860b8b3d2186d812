/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.viewer.internal;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.daqstream.server.api.HttpPage;
import org.daqstream.server.api.ServerMonitor;

/**
 * Tells the page at which path its server takes connections, since a server may have one of its
 * own: an object of JSON with the path of each port.
 */
final class Paths implements HttpPage {
  private final Collection<ServerMonitor> servers;

  /** Looks at what is in the collection whenever it is asked. */
  Paths(Collection<ServerMonitor> servers) {
    this.servers = servers;
  }

  @Override
  public String contentType() {
    return "application/json; charset=utf-8";
  }

  @Override
  public byte[] body() {
    Map<Integer, String> paths = new TreeMap<>();
    for (ServerMonitor server : servers) {
      for (String endpoint : server.endpoints()) {
        URI uri = URI.create(endpoint);
        paths.put(uri.getPort(), uri.getPath());
      }
    }
    // A path has letters, digits and / . _ ~ - only.
    return paths.entrySet().stream()
        .map(entry -> "\"" + entry.getKey() + "\":\"" + entry.getValue() + "\"")
        .collect(Collectors.joining(",", "{", "}"))
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("Cache-Control", "no-store", "X-Content-Type-Options", "nosniff");
  }
}
