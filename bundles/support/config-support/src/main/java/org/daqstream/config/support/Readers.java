/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.config.support;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Who may read a page: the networks or everybody, without any network this machine only.
 *
 * @param networks of which a reader must be
 * @param isAll whether it is for everybody
 */
public record Readers(List<Network> networks, boolean isAll) {
  /** Digits only: a name would be looked up. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  /**
   * Addresses that begin with as many bits like one of them.
   *
   * @param address one of them
   * @param prefixBits how many bits
   */
  public record Network(InetAddress address, int prefixBits) {
    boolean contains(InetAddress other) {
      return address.getAddress().length == other.getAddress().length
          && prefix(address).equals(prefix(other));
    }

    private BigInteger prefix(InetAddress of) {
      byte[] bytes = of.getAddress();
      return new BigInteger(1, bytes).shiftRight(bytes.length * Byte.SIZE - prefixBits);
    }
  }

  /** Copies the networks. */
  public Readers {
    networks = List.copyOf(networks);
  }

  /**
   * {@return those of a list}
   *
   * @param key where it stands, for a refusal
   * @param entries addresses, networks as {@code 192.0.2.0/24}, or {@code *}
   * @throws RefusedException for an entry that is none of these
   */
  public static Readers of(String key, List<String> entries) {
    if (entries.contains("*")) {
      return new Readers(List.of(), true);
    }
    return new Readers(entries.stream().map(entry -> network(key, entry)).toList(), false);
  }

  private static Network network(String key, String entry) {
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
    throw new RefusedException(
        key, entry, "must be addresses or networks such as 192.0.2.7 or 192.0.2.0/24, or *");
  }

  /** {@return whether somebody may read} */
  public boolean contains(InetAddress reader) {
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
