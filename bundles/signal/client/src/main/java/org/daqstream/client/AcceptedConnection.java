/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.daqstream.client.internal.AcceptedSession;

/**
 * A client on a connection that somebody else has made: a server, for what its own clients publish
 * (protocol section 2.8). Packets are given and taken; everything else is as with a connection of
 * its own, but that it does not connect again.
 */
public final class AcceptedConnection implements AutoCloseable {
  private final AcceptedSession session;
  private final StreamingClient client;

  /**
   * Begins a session.
   *
   * @param address where the other side is, for messages; nothing is sent there
   * @param packetLimitBytes the largest packet that the other side sends
   * @param signalsLimit the most signals that it may offer; their descriptions may be 4 KiB each on
   *     average
   * @param sender sends a packet to it in a message of its own, without waiting; false when it
   *     cannot be sent
   * @param listener hears of the session, on the threads that give packets
   */
  public AcceptedConnection(
      DeviceAddress address,
      int packetLimitBytes,
      int signalsLimit,
      Predicate<byte[]> sender,
      ConnectionListener listener) {
    session = new AcceptedSession(address, packetLimitBytes, signalsLimit, sender, listener);
    client = new StreamingClient(session.engine());
  }

  /** {@return what lists and subscribes; its end is that of this connection} */
  public StreamingClient client() {
    return client;
  }

  /**
   * Takes a packet of the other side. Any thread, one at a time; its listeners are called.
   *
   * @param signo signal number, 0 for the session
   * @param type as in the packet's header (protocol section 2.2)
   * @param payload little-endian, from position to limit; valid during the call only
   */
  public void packet(int signo, int type, ByteBuffer payload) {
    session.packet(signo, type, payload);
  }

  /**
   * The connection is gone: tells all who listen.
   *
   * @param why in words
   */
  public void closed(String why) {
    session.closed(why);
    client.close();
  }

  /** As {@link #closed}, by this side. */
  @Override
  public void close() {
    closed("closed by this side");
  }
}
