/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;

/** Definitions and peers for the tests. */
final class Posix {

  /** IPv4, whatever the machine prefers. */
  static final InetAddress LOOPBACK = address(127, 0, 0, 1);

  /** IPv6. */
  static final InetAddress LOOPBACK6 = address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

  private Posix() {}

  private static InetAddress address(int... bytes) {
    ByteBuffer raw = ByteBuffer.allocate(bytes.length);
    for (int part : bytes) {
      raw.put((byte) part);
    }
    try {
      return InetAddress.getByAddress(raw.array());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static Map<String, Object> parameters(String host, int port, Object... more) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("type", "tcp");
    parameters.put("domain", host.contains(":") ? "IPv6" : "IPv4");
    parameters.put("hostname", host);
    parameters.put("port", Integer.toString(port));
    for (int i = 0; i < more.length; i += 2) {
      parameters.put((String) more[i], more[i + 1]);
    }
    return parameters;
  }

  static StreamDefinition in(Map<String, Object> parameters) {
    return new StreamDefinition("in", "posix", StreamDirection.IN, parameters);
  }

  static StreamDefinition out(Map<String, Object> parameters) {
    return new StreamDefinition("out", "posix", StreamDirection.OUT, parameters);
  }

  static ServerSocket listen(int port) throws IOException {
    ServerSocket server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(LOOPBACK, port), 50);
    server.setSoTimeout(20_000);
    return server;
  }

  /** A port nobody listens on. */
  static int freePort() throws IOException {
    try (ServerSocket server = listen(0)) {
      return server.getLocalPort();
    }
  }

  static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
