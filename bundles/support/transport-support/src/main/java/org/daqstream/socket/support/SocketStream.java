/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import java.util.List;
import org.daqstream.transport.support.Framing;

/** What the parameters of a stream on sockets say. */
public interface SocketStream {
  /** What all such streams know. */
  SocketParameters sockets();

  /** Where to listen, just one, or what to dial, each with a connection of its own. */
  List<? extends Endpoint> endpoints();

  /** What goes in front of each message. */
  Framing framing();

  /**
   * Makes the connections.
   *
   * @throws IOException when something is not there that they need
   */
  SocketLink.Factory links() throws IOException;

  /** Inputs: how much is read at once. */
  int chunkBytes();

  /** Outputs: the longest message. */
  int longestBytes();

  /** Outputs: how long the handshake may take; 0 when it is part of the connecting. */
  int handshakeMs();
}
