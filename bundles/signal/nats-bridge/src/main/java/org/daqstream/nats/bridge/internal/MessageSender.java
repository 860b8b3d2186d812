/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

/** Where messages go; for the publishing loop's thread, but for what it says of itself. */
interface MessageSender {
  /** Whether a message would be taken now. Where it would not, blocks wait in the ring. */
  boolean hasRoom();

  /**
   * Whether blocks are to be let go until there is a connection, rather than wait in the ring: who
   * comes back wants the present.
   */
  boolean isDropping();

  /** The largest message that the server takes, in bytes. */
  int limitBytes();

  /**
   * Sends a message.
   *
   * @return whether it was taken; else it is lost, which the sender has said
   */
  boolean send(Draft.Ready message);

  /** Sends a message that nobody misses if it is lost. */
  void offer(String subject, byte[] message);

  /** Number of a kept message of the signal, see {@link BlockMessage#anchor}. */
  long anchor(Draft draft);

  /** Looks after what was sent; how many nanoseconds until it wants to look again. */
  long turn(long nowNanos);

  /** Lets everything go. */
  void close();
}
