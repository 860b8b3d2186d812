/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import java.nio.ByteBuffer;

/**
 * A data entry of the log as samples with rows and domain values; one thread sets it to one entry
 * after another while it holds a pin on the chunk.
 */
public final class LogBlock {
  private static final int NO_STAMPS = -1;

  private ByteBuffer bytes;
  private int samplesAt;
  private int sampleBytes;
  private int count;
  private long row;
  private long tick;
  private long deltaTicks;
  private int stampsAt;

  /** Goes to an entry with samples of a signal, 0 apart with an explicit domain. */
  public void set(Chunk chunk, int index, LogSignal signal, long linearDeltaTicks) {
    int end = chunk.base + chunk.end(index);
    int frameAt = chunk.base + chunk.start(index);
    bytes = chunk.slab.readerView.limit(end);
    row = chunk.row(index);
    deltaTicks = linearDeltaTicks;
    stampsAt = NO_STAMPS;
    if (deltaTicks == 0) {
      stampsAt = DataFrame.payloadAt(bytes, frameAt);
      frameAt += (int) chunk.tick(index); // the bytes of the frame of stamps
      tick = bytes.getLong(stampsAt);
    } else {
      tick = chunk.tick(index);
    }
    samplesAt = DataFrame.payloadAt(bytes, frameAt) + (signal.isConstant() ? Long.BYTES : 0);
    int size = signal.sampleBytes();
    count = size == 0 ? 1 : (end - samplesAt) / size;
    sampleBytes = size == 0 ? end - samplesAt : size;
  }

  /** Number of samples, at least one. */
  public int count() {
    return count;
  }

  /** Row of the first sample. */
  public long row() {
    return row;
  }

  /** Whether its samples lie at equal distances. */
  public boolean isLinear() {
    return stampsAt == NO_STAMPS;
  }

  /** Distance of the samples, 0 if it is not linear. */
  public long deltaTicks() {
    return deltaTicks;
  }

  /** Domain value of a sample. */
  public long tickOf(int sample) {
    return isLinear() ? tick + deltaTicks * sample : bytes.getLong(stampsAt + sample * Long.BYTES);
  }

  /** Where the samples are, by index; little endian. */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** Index of the first byte of a sample. */
  public int at(int sample) {
    return samplesAt + sample * sampleBytes;
  }

  public int sampleBytes() {
    return sampleBytes;
  }
}
