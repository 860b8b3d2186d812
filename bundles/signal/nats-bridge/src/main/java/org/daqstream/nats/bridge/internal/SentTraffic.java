/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

/** What has gone of a signal, and what has not. One thread counts lost samples, one the rest. */
final class SentTraffic {
  private volatile long messages;
  private volatile long blocks;
  private volatile long samples;
  private volatile long bytes;
  private volatile long lostSamples;

  /** A message has gone. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread
  void sent(int blockCount, long sampleCount, int messageBytes) {
    messages++;
    blocks += blockCount;
    samples += sampleCount;
    bytes += messageBytes;
  }

  /** Samples have not gone. */
  synchronized void lost(long count) {
    lostSamples += count;
  }

  long messages() {
    return messages;
  }

  long blocks() {
    return blocks;
  }

  long samples() {
    return samples;
  }

  long bytes() {
    return bytes;
  }

  long lostSamples() {
    return lostSamples;
  }
}
