/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.daqstream.socket.support.Endpoint;
import org.daqstream.socket.support.HostAndPort;
import org.daqstream.socket.support.Resolver;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.transport.support.Framing;

/**
 * An nng URL: {@code tcp://host:port}, {@code tcp4://…}, {@code tcp6://[::1]:port}, {@code
 * tls+tcp://…}, {@code tls+tcp4://…}, {@code tls+tcp6://…} or {@code ipc://path}. To listen, the
 * host may be {@code *} or empty (all local addresses) and the port 0 (any free one).
 *
 * @param url as configured
 * @param scheme in front of {@code ://}
 * @param host without brackets; for ipc the path
 * @param port 0 to 65535; -1 for ipc
 */
record SpAddress(String url, Scheme scheme, String host, int port) implements Endpoint {
  enum Scheme {
    TCP("tcp", null),
    TCP4("tcp4", StandardProtocolFamily.INET),
    TCP6("tcp6", StandardProtocolFamily.INET6),
    TLS("tls+tcp", null),
    TLS4("tls+tcp4", StandardProtocolFamily.INET),
    TLS6("tls+tcp6", StandardProtocolFamily.INET6),
    IPC("ipc", null);

    private final String word;
    private final StandardProtocolFamily family; // null for any

    Scheme(String word, StandardProtocolFamily family) {
      this.word = word;
      this.family = family;
    }

    private static Optional<Scheme> of(String word) {
      return Arrays.stream(values()).filter(scheme -> scheme.word.equals(word)).findFirst();
    }
  }

  private static final int IPC_MESSAGE = 1;
  private static final Pattern URL = Pattern.compile("([a-z0-9+]+)://(.*)");
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^\\[\\]:/?#@;]*)):([0-9]{1,5})");
  private static final Pattern NEXT_URL = Pattern.compile(",(?=[a-z0-9+]+://)");
  private static final List<String> OTHER_SCHEMES =
      List.of("ws", "wss", "ws4", "ws6", "inproc", "abstract");

  /** An input's one address. */
  static SpAddress listening(String connectionString) throws StreamException {
    return parse(connectionString);
  }

  /**
   * An output's addresses: one, as in EVP, or several with commas between, all ipc, all inside TLS,
   * or none; each message goes to one of them.
   */
  static List<SpAddress> dialled(String connectionString) throws StreamException {
    String[] urls = NEXT_URL.split(connectionString, -1);
    SpAddress[] addresses = new SpAddress[urls.length];
    for (int i = 0; i < urls.length; i++) {
      addresses[i] = parse(urls[i]);
      if (addresses[i].isAnyHost() || addresses[i].port == 0) {
        throw bad(urls[i], "host and port to dial are missing");
      }
      if (addresses[i].isIpc() != addresses[0].isIpc()) {
        throw bad(connectionString, "ipc and tcp cannot be mixed in one stream");
      }
      if (addresses[i].isTls() != addresses[0].isTls()) {
        throw bad(connectionString, "tls+tcp and tcp cannot be mixed in one stream");
      }
    }
    return List.of(addresses);
  }

  private static SpAddress parse(String url) throws StreamException {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw bad(url, "no URL");
    }
    String rest = parts.group(2);
    Scheme scheme = Scheme.of(parts.group(1)).orElseThrow(() -> unknown(url, parts.group(1)));
    return scheme == Scheme.IPC ? ipc(url, rest) : tcp(url, scheme, rest);
  }

  private static SpAddress tcp(String url, Scheme scheme, String rest) throws StreamException {
    Matcher parts = HOST_AND_PORT.matcher(rest);
    if (!parts.matches() || Integer.parseInt(parts.group(3)) > 65535) {
      throw bad(url, "must be " + scheme.word + "://host:port");
    }
    String host = parts.group(1) != null ? parts.group(1) : parts.group(2);
    return new SpAddress(url, scheme, host, Integer.parseInt(parts.group(3)));
  }

  private static SpAddress ipc(String url, String path) throws StreamException {
    try {
      if (!path.isEmpty()) {
        UnixDomainSocketAddress.of(path);
        return new SpAddress(url, Scheme.IPC, path, -1);
      }
    } catch (InvalidPathException e) {
      throw bad(url, e.getMessage());
    }
    throw bad(url, "the path is missing");
  }

  private static StreamException unknown(String url, String scheme) {
    if (OTHER_SCHEMES.contains(scheme)) {
      return new StreamException(
          StreamResult.NOTSUP,
          "connection_string '%s': %s:// is not supported, use one of %s"
              .formatted(
                  url,
                  scheme,
                  Arrays.stream(Scheme.values())
                      .map(each -> each.word + "://")
                      .collect(Collectors.joining(", "))));
    }
    return bad(url, "unknown scheme");
  }

  private static StreamException bad(String url, String problem) {
    return new StreamException(StreamResult.ERROR, "connection_string '" + url + "': " + problem);
  }

  boolean isIpc() {
    return scheme == Scheme.IPC;
  }

  boolean isTls() {
    return scheme.word.startsWith("tls");
  }

  /** Whether to listen on all local addresses. */
  boolean isAnyHost() {
    return !isIpc() && (host.isEmpty() || host.equals("*"));
  }

  /** What goes in front of each message. */
  Framing framing() {
    return new Framing(isIpc() ? IPC_MESSAGE : -1, Long.BYTES);
  }

  @Override
  public String text() {
    return url;
  }

  @Override
  public boolean isLiteral() {
    return isIpc() || isAnyHost() || tcp(host).isLiteral();
  }

  @Override
  public List<SocketAddress> resolve(Resolver resolver) throws UnknownHostException {
    if (isIpc()) {
      return List.of(UnixDomainSocketAddress.of(host));
    }
    if (!isAnyHost()) {
      return tcp(host).resolve(resolver);
    }
    List<SocketAddress> any = new ArrayList<>();
    if (scheme.family != StandardProtocolFamily.INET) {
      any.addAll(tcp("::").resolve(InetAddress::getAllByName));
    }
    if (scheme.family != StandardProtocolFamily.INET6) {
      any.addAll(tcp("0.0.0.0").resolve(InetAddress::getAllByName));
    }
    return any;
  }

  private HostAndPort tcp(String hostOrAny) {
    return new HostAndPort(hostOrAny, port, scheme.family);
  }
}
