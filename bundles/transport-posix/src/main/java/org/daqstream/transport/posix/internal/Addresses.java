/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;

/** Socket addresses: to listen on, and as text. */
final class Addresses {

  private static final int BACKLOG = 128;

  private Addresses() {}

  /** Listens on the first address of the host that can be bound; blocks for name resolution. */
  static ServerSocketChannel listen(PosixParameters parameters, Resolver resolver)
      throws IOException {
    IOException failure = new BindException("no address");
    for (InetAddress address : resolver.resolve(parameters.hostname(), parameters.family())) {
      ServerSocketChannel listener = ServerSocketChannel.open(parameters.family());
      try {
        listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        return listener.bind(new InetSocketAddress(address, parameters.port()), BACKLOG);
      } catch (IOException e) {
        listener.close();
        failure = e;
      }
    }
    throw failure;
  }

  /** For example {@code 192.0.2.7:4711} or {@code [2001:db8::1]:4711}. */
  static String text(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet) || inet.isUnresolved()) {
      return String.valueOf(address);
    }
    InetAddress host = inet.getAddress();
    String name = host.getHostAddress();
    return (host instanceof Inet6Address ? "[" + name + "]" : name) + ":" + inet.getPort();
  }
}
