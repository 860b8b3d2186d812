/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.api;

import java.net.InetSocketAddress;
import org.osgi.annotation.versioning.ProviderType;

/** A client of a server that publishes signals to it. Any thread; nothing waits. */
@ProviderType
public interface PublishingClient {
  /** {@return its {@link ClientStatus#name()}} */
  String name();

  /** {@return where it comes from} */
  InetSocketAddress address();

  /**
   * {@return what the ids of its signals are to begin with; may be empty} Two slashes where it and
   * an id meet are one.
   */
  String prefix();

  /**
   * {@return whether it may publish under an id} To be asked for each signal and each domain.
   *
   * @param signalId as it is published here, behind the prefix
   */
  default boolean mayPublish(String signalId) {
    return true;
  }

  /** {@return how many signals it may offer} */
  int signalsLimit();

  /** {@return the largest message that is taken of it, in bytes} */
  int messageLimitBytes();

  /**
   * Sends a packet of the streaming protocol to it, in a message of its own and in order.
   *
   * @param packet header and payload
   * @return whether it is still there
   */
  boolean send(byte[] packet);

  /**
   * Closes its connection with WebSocket code 1008, and says so in the log.
   *
   * @param reason told to the client and the log
   */
  void disconnect(String reason);
}
