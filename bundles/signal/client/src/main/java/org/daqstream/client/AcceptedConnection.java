/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.daqstream.client.internal.AcceptedSession;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.PacketListener;

/**
 * A client on a connection that somebody else has made: a server, for what its own clients publish
 * (protocol section 2.8). Packets are given and taken; everything else is as with a connection of
 * its own, but that it does not connect again.
 */
public final class AcceptedConnection implements PacketListener, AutoCloseable {
  private final AcceptedSession session;
  private final StreamingClient client;

  /**
   * Begins a session.
   *
   * @param address where the other side is, for messages; nothing is sent there
   * @param limits bounds on what the other side sends
   * @param signalsLimit the most signals that it may offer; their descriptions may be 4 KiB each on
   *     average
   * @param sender sends a packet to it in a message of its own, without waiting; false when it
   *     cannot be sent
   * @param listener hears of the session, on the threads that give packets
   */
  public AcceptedConnection(
      DeviceAddress address,
      Limits limits,
      int signalsLimit,
      Predicate<byte[]> sender,
      ConnectionListener listener) {
    session = new AcceptedSession(address, limits, signalsLimit, sender, listener);
    client = new StreamingClient(session.engine());
  }

  /** {@return what lists and subscribes; its end is that of this connection} */
  public StreamingClient client() {
    return client;
  }

  /** Takes a packet of the other side. Any thread, one at a time; its listeners are called. */
  @Override
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
