/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.protocol.LossMessage;

/** Takes what comes of a signal, on the thread that reads the connection. */
interface SampleTarget {
  /** The signal is described, or its domain is. */
  void described(RemoteSignal signal);

  /** The device says what is missing in front of the next block. */
  void lost(LossMessage loss);

  /** Whether packets that came together may be one block. */
  boolean joinsPackets();

  /**
   * Samples; the bytes are valid during the call.
   *
   * @param isSparse whether rows without a sample are none that is missing
   */
  void block(SampleBlock block, boolean isSparse);
}
