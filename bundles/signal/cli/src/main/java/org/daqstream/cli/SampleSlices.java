/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.sample.support.SampleDecoder;

/** The samples of a signal's blocks as plain values, see {@link SampleDecoder}. One thread. */
final class SampleSlices {
  private RemoteSignal signal;
  private SampleDecoder decoder;

  /** The value of a sample. */
  Object value(SampleBlock block, int index) {
    return value(block.signal(), block.payload(), index);
  }

  /**
   * The value of a sample.
   *
   * @param payload little-endian bytes of some samples, from position to limit
   */
  @SuppressWarnings("ReferenceEquality") // the same object is the same description
  Object value(RemoteSignal of, ByteBuffer payload, int index) {
    if (of != signal) {
      signal = of;
      decoder = new SampleDecoder(of.descriptor(), of.descriptor().dataType());
    }
    int bytes = of.sampleBytes();
    ByteBuffer sample =
        bytes == 0 ? payload.slice() : payload.slice(payload.position() + index * bytes, bytes);
    return decoder.decode(sample.order(ByteOrder.LITTLE_ENDIAN));
  }
}
