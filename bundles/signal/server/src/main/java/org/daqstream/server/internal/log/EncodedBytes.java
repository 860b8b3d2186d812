/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import org.daqstream.signal.api.writer.SignalWriter;

/**
 * What samples take. Their writer is asked only where they differ in length: the registry has had
 * the block checked.
 */
final class EncodedBytes {
  private EncodedBytes() {}

  /**
   * Bytes of a block or a part of it.
   *
   * @param sampleBytes of each sample, or {@link SignalWriter#VARIABLE}
   */
  static int of(SignalWriter encoder, int sampleBytes, Object samples, int from, int n) {
    return sampleBytes == SignalWriter.VARIABLE
        ? encoder.encodedBytes(samples, from, n)
        : (int) Math.min(Integer.MAX_VALUE, (long) n * sampleBytes);
  }

  /**
   * Bytes of the largest sample of a block.
   *
   * @param sampleBytes of each sample, or {@link SignalWriter#VARIABLE}
   */
  static int largest(SignalWriter encoder, int sampleBytes, Object samples, int offset, int count) {
    int largest = sampleBytes;
    if (largest == SignalWriter.VARIABLE) {
      for (int i = offset; i < offset + count; i++) {
        largest = Math.max(largest, encoder.encodedBytes(samples, i, 1));
      }
    }
    return largest;
  }
}
