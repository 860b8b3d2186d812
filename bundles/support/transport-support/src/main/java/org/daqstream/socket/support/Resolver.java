/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Host name to addresses; blocks. The system's, {@code InetAddress::getAllByName}, remembers a
 * failure for as long as {@code networkaddress.cache.negative.ttl}.
 */
@FunctionalInterface
public interface Resolver {
  /** The addresses of a name; at least one. */
  InetAddress[] resolve(String hostname) throws UnknownHostException;

  /** What one can bind or connect to, in order; at least one. A null family is any. */
  default List<SocketAddress> resolve(String hostname, ProtocolFamily family, int port)
      throws UnknownHostException {
    if (hostname.isEmpty()) {
      throw new UnknownHostException("empty host name"); // InetAddress would take it for loopback
    }
    List<SocketAddress> addresses =
        Arrays.stream(resolve(hostname))
            .filter(address -> family == null || family == family(address))
            .<SocketAddress>map(address -> new InetSocketAddress(address, port))
            .toList();
    if (addresses.isEmpty()) {
      String version = family == StandardProtocolFamily.INET6 ? "IPv6" : "IPv4";
      throw new UnknownHostException("no " + version + " address for '" + hostname + "'");
    }
    return addresses;
  }

  static StandardProtocolFamily family(InetAddress address) {
    return address instanceof Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }
}
