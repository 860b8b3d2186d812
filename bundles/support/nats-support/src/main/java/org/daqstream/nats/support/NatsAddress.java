/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.support;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server of NATS is.
 *
 * @param tls whether to speak TLS
 * @param host name or address, that of IPv6 without brackets
 * @param port 1 to 65535
 */
public record NatsAddress(boolean tls, String host, int port) {
  private static final int DEFAULT_PORT = 4222;
  private static final int MAX_PORT = 65535;
  private static final Pattern URL =
      Pattern.compile(
          "(?:(nats|tls)://)?(?:\\[([0-9a-fA-F:.%]+)]|([^\\[\\]:/?#@\\s]+))(?::([0-9]{1,5}))?/?");

  /**
   * Reads {@code nats://host:port} or {@code tls://host:port}; without a scheme it is {@code nats},
   * without a port 4222.
   *
   * @throws IllegalArgumentException with what is wrong, without what may be a password
   */
  public static NatsAddress parse(String url) {
    if (url.contains("@")) {
      throw new IllegalArgumentException("user and password do not belong into a URL");
    }
    Matcher parts = URL.matcher(url);
    int port = DEFAULT_PORT;
    if (parts.matches() && parts.group(4) != null) {
      port = Integer.parseInt(parts.group(4));
    }
    if (!parts.matches() || port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException(
          "'" + url + "' must be nats://host:port or tls://host:port");
    }
    String host = parts.group(2) != null ? parts.group(2) : parts.group(3);
    return new NatsAddress("tls".equals(parts.group(1)), host, port);
  }

  /** As jnats wants it: the scheme says nothing about TLS, the options do. */
  String url() {
    return "nats://" + hostAndPort();
  }

  private String hostAndPort() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  @Override
  public String toString() {
    return (tls ? "tls://" : "nats://") + hostAndPort();
  }
}
