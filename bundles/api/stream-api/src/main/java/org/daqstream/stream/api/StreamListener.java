/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hears what happens to a stream besides its data. Called like {@link StreamCallback}, in the same
 * order as the data: after {@code peerDown} nothing of that peer follows. Each call counts as one
 * event of {@link StreamClient#processEvent}.
 */
@ConsumerType
public interface StreamListener {
  /**
   * A connection is up.
   *
   * @param peerId new, process-wide; never used again
   * @param address of the other side, as text, for example {@code 192.0.2.7:4711}; behind it, in
   *     brackets, the name that the other side has proved to have, where the transport asks for one
   */
  default void peerUp(long peerId, String address) {}

  /**
   * A connection is gone.
   *
   * @param peerId as given to {@link #peerUp}
   * @param cause in words
   */
  default void peerDown(long peerId, String cause) {}

  /**
   * The stream is over, but not by the module: its transport left, failed for good, or the manifest
   * changed the definition. Writes give ERROR from now on; close the handle, and open the name anew
   * when the stream is still wanted.
   *
   * @param cause in words
   */
  default void ended(String cause) {}
}
