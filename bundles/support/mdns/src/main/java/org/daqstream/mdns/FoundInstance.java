/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import java.net.InetAddress;
import java.util.List;

/**
 * A service instance of which everything is known. All of it was said by the network.
 *
 * @param host without the final dot
 * @param addresses IPv4 first, those of one link with their scope
 * @param text as {@code key=value}
 */
public record FoundInstance(
    String instance, String host, int port, List<InetAddress> addresses, List<String> text) {
  public FoundInstance {
    addresses = List.copyOf(addresses);
    text = List.copyOf(text);
  }
}
