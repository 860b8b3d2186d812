/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** Host name to addresses of one family; blocks. */
@FunctionalInterface
interface Resolver {

  /**
   * Resolves a name.
   *
   * @return at least one address
   */
  List<InetAddress> resolve(String hostname, ProtocolFamily family) throws UnknownHostException;

  /**
   * The system's; it remembers a failure for as long as {@code networkaddress.cache.negative.ttl}.
   */
  static List<InetAddress> system(String hostname, ProtocolFamily family)
      throws UnknownHostException {
    if (hostname.isEmpty()) {
      throw new UnknownHostException("empty host name"); // InetAddress would take it for loopback
    }
    boolean v4 = family == StandardProtocolFamily.INET;
    List<InetAddress> addresses =
        Arrays.stream(InetAddress.getAllByName(hostname))
            .filter(address -> address instanceof Inet4Address == v4)
            .toList();
    if (addresses.isEmpty()) {
      throw new UnknownHostException(
          "no IPv" + (v4 ? "4" : "6") + " address for '" + hostname + "'");
    }
    return addresses;
  }
}
