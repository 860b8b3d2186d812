/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;

/** Definitions and byte scripts for the tests. */
final class Nng {

  static final String PUSH_GREETING = "0053500000500000";
  static final String PULL_GREETING = "0053500000510000";

  private Nng() {}

  static Map<String, Object> listen(String url, Object... more) {
    return parameters("listen", "pull", url, more);
  }

  static Map<String, Object> dial(String url, Object... more) {
    return parameters("dial", "push", url, more);
  }

  private static Map<String, Object> parameters(
      String mode, String protocol, String url, Object... more) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("mode", mode);
    parameters.put("protocol", protocol);
    parameters.put("connection_string", url);
    for (int i = 0; i < more.length; i += 2) {
      parameters.put((String) more[i], more[i + 1]);
    }
    return parameters;
  }

  static StreamDefinition in(Map<String, Object> parameters) {
    return new StreamDefinition("in", "nng", StreamDirection.IN, parameters);
  }

  static StreamDefinition out(Map<String, Object> parameters) {
    return new StreamDefinition("out", "nng", StreamDirection.OUT, parameters);
  }

  static String url(int port) {
    return "tcp://127.0.0.1:" + port;
  }

  static InetAddress loopback() throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  static InetAddress loopback6() throws UnknownHostException {
    byte[] address = new byte[16];
    address[15] = 1;
    return InetAddress.getByAddress(address);
  }

  static ServerSocket server(int port) throws IOException {
    ServerSocket server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(loopback(), port), 50);
    server.setSoTimeout(20_000);
    return server;
  }

  /** A port nobody listens on. */
  static int freePort() throws IOException {
    try (ServerSocket server = server(0)) {
      return server.getLocalPort();
    }
  }

  static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  static void sendHex(Socket socket, String hex) throws IOException {
    socket.getOutputStream().write(HexFormat.of().parseHex(hex));
  }

  /** The next bytes, as hexadecimal digits. */
  static String readHex(Socket socket, int count) throws IOException {
    byte[] bytes = new byte[count];
    new DataInputStream(socket.getInputStream()).readFully(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** A frame as it is on TCP. */
  static byte[] frame(byte[] payload) {
    return ByteBuffer.allocate(Long.BYTES + payload.length)
        .putLong(payload.length)
        .put(payload)
        .array();
  }
}
