/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.net.InetSocketAddress;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.server.api.ClientStatus;

/**
 * Who a client is.
 *
 * @param name what everybody may know
 * @param sessionId what only the client itself may know: whoever has it can command the session
 * @param address where it comes from
 * @param userAgent what it calls itself, as it was sent
 */
public record ClientIdentity(
    String name, String sessionId, InetSocketAddress address, String userAgent) {
  PeerProfile profile() {
    return PeerProfile.ofUserAgent(userAgent);
  }

  /** As every line of a logger names it. */
  @Override
  public String toString() {
    return name + " at " + ClientStatus.hostAndPort(address) + ", profile " + profile().name();
  }
}
