/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.api;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Takes the signals that clients publish to servers which are configured to accept them; a
 * whiteboard service. Of several the one with the highest ranking is asked. Servers tell clients
 * that they accept signals only while there is one.
 */
@ConsumerType
public interface PeerSignals {
  /**
   * A client offers signals: for the first time on its connection.
   *
   * @param client who it is, and how to answer
   * @return what takes what it sends from its greeting on
   */
  Session open(PublishingClient client);

  /** What one client publishes. */
  @ConsumerType
  interface Session {
    /**
     * Takes a packet of the streaming protocol that is no command to the server. On a thread of the
     * server's pool, one call at a time; nothing more of this client is read before it returns.
     *
     * @param signo signal number, 0 for the session itself
     * @param type 1 for data, 2 for metadata
     * @param payload from position to limit, little endian; the callee's to keep
     */
    void packet(int signo, int type, ByteBuffer payload);

    /**
     * The client is gone, or is being disconnected; no packet follows.
     *
     * @param why in words
     */
    void closed(String why);
  }
}
