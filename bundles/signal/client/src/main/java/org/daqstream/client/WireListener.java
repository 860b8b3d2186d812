/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.nio.ByteBuffer;

/**
 * Sees the bytes of a connection, with the upgrade and the frames around them: to show what goes
 * over the wire. The buffers hold them from position to limit, are valid during the call and are
 * not to be changed. Called by the client's own threads, which wait for it; what is sent may come
 * from another thread than what is received.
 */
public interface WireListener {
  /** A new connection begins: nothing that was begun goes on. */
  void opened();

  /**
   * Bytes that the device sent.
   *
   * @param bytes before they are read
   */
  void received(ByteBuffer bytes);

  /**
   * Bytes for the device, frames masked; a token in the request is masked by stars.
   *
   * @param bytes before they are sent
   */
  void sent(ByteBuffer bytes);
}
