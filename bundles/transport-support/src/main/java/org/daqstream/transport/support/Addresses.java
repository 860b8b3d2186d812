/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Socket addresses as text. */
public final class Addresses {

  private Addresses() {}

  /**
   * As log lines and events show it.
   *
   * @param address of a connection
   * @return for example {@code 192.0.2.7:4711}, {@code [2001:db8::1]:4711} or a path
   */
  public static String text(SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet) || inet.isUnresolved()) {
      return String.valueOf(address);
    }
    InetAddress host = inet.getAddress();
    String name = host.getHostAddress();
    return (host instanceof Inet6Address ? "[" + name + "]" : name) + ":" + inet.getPort();
  }
}
