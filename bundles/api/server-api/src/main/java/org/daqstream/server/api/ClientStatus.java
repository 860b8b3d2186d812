/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.api;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;

/**
 * A connected client at a moment.
 *
 * @param name what the server calls it, {@code client-17} say; tells its client and others nothing
 * @param address where it comes from
 * @param userAgent what it calls itself; whatever a peer sent, control characters replaced
 * @param profile how the server speaks to it
 * @param connectedAt when it was greeted
 * @param signalIds what it subscribed to, implicit domain signals included
 * @param lagPercent how full the log is with what it has not got yet, 0 to 100
 * @param sentBytes bytes that its socket took, of messages as well as of data
 * @param deliveredPackets data packets in them
 * @param pendingBytes bytes kept for it because its socket takes no more now
 */
public record ClientStatus(
    String name,
    InetSocketAddress address,
    String userAgent,
    String profile,
    Instant connectedAt,
    List<String> signalIds,
    int lagPercent,
    long sentBytes,
    long deliveredPackets,
    int pendingBytes) {
  /** Copies the list. */
  public ClientStatus {
    signalIds = List.copyOf(signalIds);
  }

  /** An address as {@code host:port}, the host as digits where they are known. */
  public static String hostAndPort(InetSocketAddress address) {
    String host =
        address.getAddress() == null
            ? address.getHostString()
            : address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }
}
