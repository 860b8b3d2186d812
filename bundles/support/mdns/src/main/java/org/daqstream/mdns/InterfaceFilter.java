/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import java.net.InetAddress;
import java.util.Collection;
import java.util.Set;

/**
 * Which network interfaces are used, by name or by one of their addresses.
 *
 * @param used only these; empty for all that can multicast
 * @param leftOut not these
 */
public record InterfaceFilter(Set<String> used, Set<String> leftOut, boolean ipv6) {
  public InterfaceFilter {
    used = Set.copyOf(used);
    leftOut = Set.copyOf(leftOut);
  }

  /** Whether an interface was named, so that it is used though it would not be by itself. */
  boolean names(String name, Collection<InetAddress> addresses) {
    return matches(used, name, addresses);
  }

  boolean accepts(String name, Collection<InetAddress> addresses) {
    return (used.isEmpty() || matches(used, name, addresses)) && !matches(leftOut, name, addresses);
  }

  private static boolean matches(
      Set<String> entries, String name, Collection<InetAddress> addresses) {
    return entries.contains(name)
        || addresses.stream().map(InterfaceFilter::text).anyMatch(entries::contains);
  }

  /** An address as it is written in {@link #used} and {@link #leftOut}: without a scope. */
  public static String text(InetAddress address) {
    return address.getHostAddress().replaceAll("%.*", "");
  }
}
