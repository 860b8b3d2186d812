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
 * @param delivery how far it is behind, and what becomes of it then
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
    int pendingBytes,
    Delivery delivery) {
  /**
   * How a client keeps up.
   *
   * @param contract what happens when it falls behind further than the log reaches: {@code
   *     "disconnect"}, or {@code "gap"}: it goes on with the present
   * @param lagBytes bytes of the log between its place and the end, whether it wants them or not
   * @param lagMs about how old the oldest of them are
   * @param holes how often it lost samples of a signal, see {@link Loss}
   */
  public record Delivery(String contract, long lagBytes, long lagMs, long holes) {
    /** One that has everything. */
    public static final Delivery UP_TO_DATE = new Delivery("disconnect", 0, 0, 0);
  }

  /** Copies the list. */
  public ClientStatus {
    signalIds = List.copyOf(signalIds);
  }

  /** A client of which nothing is known of the delivery. */
  public ClientStatus(
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
    this(
        name,
        address,
        userAgent,
        profile,
        connectedAt,
        signalIds,
        lagPercent,
        sentBytes,
        deliveredPackets,
        pendingBytes,
        Delivery.UP_TO_DATE);
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
