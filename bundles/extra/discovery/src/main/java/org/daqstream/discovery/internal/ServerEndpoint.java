/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * Where a streaming server takes clients.
 *
 * @param name of the server, {@code default} for the only one
 * @param address what it is bound to; empty for all
 */
record ServerEndpoint(String name, Optional<InetAddress> address, int port, String path) {
  /** The name of a server that has none. */
  static final String DEFAULT = "default";

  /** More is not told in one string. */
  private static final int PATH_BYTES = 250;

  /**
   * The first address of a WebSocket among some URLs; empty when there is none.
   *
   * @throws IllegalArgumentException for a text that is no URL or has an unknown host
   */
  static Optional<ServerEndpoint> of(String name, List<String> urls) {
    return urls.stream()
        .map(URI::create)
        .filter(uri -> "ws".equals(uri.getScheme()))
        .findFirst()
        .map(uri -> of(name, uri));
  }

  private static ServerEndpoint of(String name, URI uri) {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    if (uri.getHost() == null || path.length() > PATH_BYTES) {
      throw new IllegalArgumentException(
          "its URL %s has a host that is no name, or a path of more than %s bytes"
              .formatted(uri, PATH_BYTES));
    }
    try {
      // A server bound to a name has looked it up already.
      InetAddress address = InetAddress.getByName(uri.getHost());
      return new ServerEndpoint(
          name,
          address.isAnyLocalAddress() ? Optional.empty() : Optional.of(address),
          uri.getPort(),
          path);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("unknown host in " + uri, e);
    }
  }
}
