/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** A network interface with one version of IP: where packets come from and go to. */
interface Link {
  /** For people, as {@code eth0 IPv4}. */
  String name();

  /** Addresses of the interface, of both versions of IP. They may change. */
  List<InetAddress> addresses();

  /** An address as it is reached over this link: with a scope where it needs one. */
  InetAddress scoped(InetAddress address);

  /** Sends to all; a failure is the link's concern. */
  void multicast(DnsMessage message);

  /** Sends to one; a failure is the link's concern. */
  void unicast(DnsMessage message, InetSocketAddress target);
}
