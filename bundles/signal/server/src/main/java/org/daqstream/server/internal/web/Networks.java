/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * What counts as one address for every limit by address, of wrong logins, of connections that wait
 * and of clients: of IPv4 each one, also when it is written as one of IPv6, and of IPv6 the network
 * (/64), for whoever has one address of it has as many as he likes.
 */
final class Networks {
  private static final int NETWORK_BYTES = 8;

  private Networks() {}

  /** The address that stands for it in limits: itself, or the first one of its network. */
  static InetAddress of(InetAddress address) {
    InetAddress plain = ofBytes(address.getAddress());
    if (!(plain instanceof Inet6Address)) {
      return plain;
    }
    byte[] bytes = plain.getAddress();
    Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
    return ofBytes(bytes);
  }

  /** Java makes an address of IPv4 of one that is mapped. */
  private static InetAddress ofBytes(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("as many bytes as before", e);
    }
  }
}
