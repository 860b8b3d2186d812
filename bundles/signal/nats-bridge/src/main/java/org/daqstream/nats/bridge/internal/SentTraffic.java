/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

/**
 * What has gone of a signal, and what has not. One thread counts what has gone, any what was lost.
 */
final class SentTraffic {
  private final SentTraffic total;
  private volatile long messages;
  private volatile long blocks;
  private volatile long samples;
  private volatile long bytes;
  private volatile long lostSamples;

  /** Of all signals. */
  SentTraffic() {
    total = null;
  }

  /** Of one signal, counted among all as well. */
  SentTraffic(SentTraffic total) {
    this.total = total;
  }

  /** A message has gone. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread
  void sent(int blockCount, long sampleCount, int messageBytes) {
    messages++;
    blocks += blockCount;
    samples += sampleCount;
    bytes += messageBytes;
    if (total != null) {
      total.sent(blockCount, sampleCount, messageBytes);
    }
  }

  /** Samples have not gone. */
  void lost(long count) {
    synchronized (this) {
      lostSamples += count;
    }
    if (total != null) {
      total.lost(count);
    }
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
