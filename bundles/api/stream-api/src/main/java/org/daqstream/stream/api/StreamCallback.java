/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/** Takes what an input stream receives. */
@ConsumerType
@FunctionalInterface
public interface StreamCallback {
  /**
   * One chunk or message has come. Called by {@link StreamClient#processEvent} on its caller's
   * thread or on the client's executor, one call at a time per client; never on a network thread.
   * It may block (then the transport stops reading once the queue is full) and may close its own
   * stream.
   *
   * @param peerId the connection it came over; never used again for another connection
   * @param data the bytes between position and limit, read-only, valid only during this call.
   *     Whether its borders mean anything is the stream type's matter: for posix they do not
   */
  void data(long peerId, ByteBuffer data);
}
