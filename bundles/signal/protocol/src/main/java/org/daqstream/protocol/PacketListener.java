/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import java.nio.ByteBuffer;

/** Takes the packets that a {@link PacketReader} finds, on the thread that feeds it. */
@FunctionalInterface
public interface PacketListener {
  /**
   * A whole packet of a known type.
   *
   * @param signo signal number, 0 for the session
   * @param type {@link PacketHeader#DATA} or {@link PacketHeader#METADATA}
   * @param payload little-endian buffer, the payload from position to limit; valid during the call
   *     only
   */
  void packet(int signo, int type, ByteBuffer payload);
}
