/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;

/** Who may read the page: the networks or everybody, without any network this machine only. */
record Readers(List<Network> networks, boolean isAll) {
  /** Digits only: a name would be looked up. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  /** Addresses that begin with as many bits like one of them. */
  record Network(InetAddress address, int prefixBits) {
    boolean contains(InetAddress other) {
      return address.getAddress().length == other.getAddress().length
          && prefix(address).equals(prefix(other));
    }

    private BigInteger prefix(InetAddress of) {
      byte[] bytes = of.getAddress();
      return new BigInteger(1, bytes).shiftRight(bytes.length * Byte.SIZE - prefixBits);
    }
  }

  /**
   * Reads a list.
   *
   * @throws IllegalArgumentException with what is wrong with which entry
   */
  static Readers of(List<String> entries) {
    if (entries.contains("*")) {
      return new Readers(List.of(), true);
    }
    return new Readers(entries.stream().map(Readers::network).toList(), false);
  }

  private static Network network(String entry) {
    String[] parts = entry.split("/", 2);
    try {
      if (ADDRESS.matcher(parts[0]).matches()) {
        InetAddress address = InetAddress.getAllByName(parts[0])[0];
        int bits = address.getAddress().length * Byte.SIZE;
        int prefixBits = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
        if (prefixBits >= 0 && prefixBits <= bits) {
          return new Network(address, prefixBits);
        }
      }
    } catch (UnknownHostException | NumberFormatException e) {
      // Told below, together with what is allowed.
    }
    throw new IllegalArgumentException(entry);
  }

  boolean contains(InetAddress reader) {
    return isAll
        || (networks.isEmpty()
            ? isThisMachine(reader)
            : networks.stream().anyMatch(network -> network.contains(reader)));
  }

  private static boolean isThisMachine(InetAddress reader) {
    try {
      return reader.isLoopbackAddress() || NetworkInterface.getByInetAddress(reader) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
