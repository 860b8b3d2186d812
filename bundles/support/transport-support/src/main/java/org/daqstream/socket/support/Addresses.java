/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/** Addresses of connections, and what every connection needs. */
public final class Addresses {
  private Addresses() {}

  /** Sets the options of a connection. */
  static void prepare(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    }
  }

  /**
   * Linux connects a socket to itself when a free local port is dialled from that very port, which
   * happens to who tries often enough. It would take what it sends for delivered.
   *
   * @throws ConnectException when both ends of the connection are the same
   */
  public static void refuseItself(SocketChannel channel) throws IOException {
    if (channel.getLocalAddress().equals(channel.getRemoteAddress())) {
      throw new ConnectException("nobody listens, the connection met itself");
    }
  }

  /** For log lines and events: {@code 192.0.2.7:4711}, {@code [2001:db8::1]:4711} or a path. */
  static String text(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet) || inet.isUnresolved()) {
      return String.valueOf(address);
    }
    InetAddress host = inet.getAddress();
    String name = host.getHostAddress();
    return (host instanceof Inet6Address ? "[" + name + "]" : name) + ":" + inet.getPort();
  }
}
