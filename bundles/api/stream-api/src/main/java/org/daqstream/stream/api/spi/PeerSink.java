/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api.spi;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Where a transport reports on the peers of one stream. The calls do not block, never throw, and do
 * nothing after the stream was closed. Those about one peer come from one thread at a time.
 */
@ProviderType
public interface PeerSink {
  /**
   * A connection is up (after its handshake, where there is one).
   *
   * @param address of the other side, as text
   * @return the connection's id, process-wide and never used again
   */
  long peerUp(String address);

  /**
   * A connection that was up is gone.
   *
   * @param peerId from {@link #peerUp}
   * @param cause in words
   */
  void peerDown(long peerId, String cause);

  /**
   * The stream as a whole cannot go on. A peer's fault is no reason for this. The register ends the
   * stream and closes it, possibly within this call.
   *
   * @param cause in words
   */
  void failed(String cause);
}
