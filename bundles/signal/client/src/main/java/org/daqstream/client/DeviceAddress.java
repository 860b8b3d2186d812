/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where a streaming device listens: host, port, path, and whether the connection is encrypted.
 *
 * @param host name or address; an IPv6 address without brackets, maybe with a zone
 * @param port TCP port, 1 to 65535
 * @param path path and query of the upgrade request, beginning with {@code /}
 * @param isTls whether the connection is encrypted
 */
public record DeviceAddress(String host, int port, String path, boolean isTls) {
  /** Port of the protocol. */
  public static final int DEFAULT_PORT = 7414;

  /** Port in use for the protocol over TLS. */
  public static final int DEFAULT_TLS_PORT = 7415;

  /** The schemes that are understood, and whether they mean TLS. */
  private static final Map<String, Boolean> SCHEMES =
      Map.of(
          "ws", false, "daq.lt", false, "daq.ws", false, "wss", true, "daq.lts", true, "daq.wss",
          true);

  /** Without brackets, so without a port. */
  private static final Pattern BARE_IPV6 =
      Pattern.compile("[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%.+)?");

  /** By which some log in. */
  private static final Pattern TOKEN = Pattern.compile("/token/[^/?#]+");

  private static final int PORT_MAX = 65_535;

  /** Refuses what no connection can be made to. */
  public DeviceAddress {
    if (host.isEmpty() || port < 1 || port > PORT_MAX || !path.startsWith("/")) {
      throw new IllegalArgumentException(
          withoutToken(
              "no address of a device: host '%s', port %s, path '%s'".formatted(host, port, path)));
    }
  }

  /**
   * Reads {@code ws://}, {@code wss://}, {@code daq.lt://}, {@code daq.ws://}, {@code daq.lts://},
   * or a host alone, with or without port and path.
   *
   * @param text for example {@code daq.lt://127.0.0.1} or {@code ws://[fe80::1%eth0]:7414/stream}
   * @return the address, with port 7414, or 7415 for TLS, where the text has none
   * @throws IllegalArgumentException when it is none, saying what is expected
   */
  public static DeviceAddress parse(String text) {
    String trimmed = text.strip();
    int colon = trimmed.indexOf("://");
    String scheme = colon < 0 ? "daq.lt" : trimmed.substring(0, colon).toLowerCase(Locale.ROOT);
    Boolean tls = SCHEMES.get(scheme);
    if (tls == null) {
      throw new IllegalArgumentException(
          "address '%s': scheme %s is not one of daq.lt, daq.lts, daq.ws, ws, wss"
              .formatted(withoutToken(text), scheme));
    }
    String rest = colon < 0 ? trimmed : trimmed.substring(colon + 3);
    if (BARE_IPV6.matcher(rest).matches()) {
      rest = "[" + rest + "]";
    }
    try {
      URI uri = new URI("ws://" + rest);
      if (uri.getHost() == null || uri.getUserInfo() != null || uri.getFragment() != null) {
        throw new IllegalArgumentException(
            "address '%s': expected daq.lt://host[:port][/path]".formatted(withoutToken(text)));
      }
      String host = uri.getHost().replaceAll("^\\[|]$", "");
      int defaultPort = tls ? DEFAULT_TLS_PORT : DEFAULT_PORT;
      String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      return new DeviceAddress(
          host, uri.getPort() < 0 ? defaultPort : uri.getPort(), path + query, tls);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "address '%s': expected daq.lt://host[:port][/path]: %s"
              .formatted(withoutToken(text), e.getReason()),
          e);
    }
  }

  /** {@return the address as a WebSocket URL} */
  public URI toUri() {
    String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return URI.create((isTls ? "wss://" : "ws://") + name + ":" + port + path);
  }

  /** {@return the address for people to read: the WebSocket URL, but for a token in its path} */
  @Override
  public String toString() {
    return withoutToken(toUri().toString());
  }

  private static String withoutToken(String address) {
    return TOKEN.matcher(address).replaceFirst("/token/***");
  }
}
