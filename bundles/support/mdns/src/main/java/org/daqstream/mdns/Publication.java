/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A service to announce.
 *
 * @param key tells which one it is when another publication replaces it
 * @param type service type and domain
 * @param instance name of the service; at most 63 bytes
 * @param host name of its host in the domain; at most 63 bytes
 * @param text what it tells, as {@code key=value}
 * @param numberedKey the key of the text that is numbered together with the names when somebody
 *     else has them; empty for none
 * @param only the address it can be reached at; empty for all
 */
public record Publication(
    String key,
    DnsName type,
    String instance,
    String host,
    int port,
    List<String> text,
    String numberedKey,
    Optional<InetAddress> only) {
  public Publication {
    text = List.copyOf(text);
  }

  /** This one with other names, since n - 1 were taken. */
  Publication numbered(int number) {
    if (number == 1) {
      return this;
    }
    String suffix = "-" + number;
    String numbered = numberedKey + "=";
    return new Publication(
        key,
        type,
        DnsName.label(instance, suffix),
        DnsName.label(host, suffix),
        port,
        text.stream().map(s -> s.startsWith(numbered) ? s + suffix : s).toList(),
        numberedKey,
        only);
  }

  /** Whether clients that know the other one need only be told the difference. */
  boolean hasNamesOf(Publication other) {
    return type.equals(other.type)
        && instance.equals(other.instance)
        && host.equals(other.host)
        && only.equals(other.only);
  }

  /** Where it is reached over a link; none when it is not. */
  List<InetAddress> addressesOn(Link link) {
    return only.map(address -> link.addresses().contains(address) ? List.of(address) : NONE)
        .orElseGet(link::addresses);
  }

  private static final List<InetAddress> NONE = List.of();

  DnsName instanceName() {
    return type.prepend(instance);
  }

  DnsName hostName() {
    return LOCAL.prepend(host);
  }

  private static final DnsName LOCAL = DnsName.of("local");
}
