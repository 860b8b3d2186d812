/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.support;

import java.nio.ByteBuffer;
import org.daqstream.recording.api.RowBlock;

/** Rows on their way to a writer. */
final class Rows implements RowBlock {
  private final ByteBuffer[] samples;
  private final int[] sampleBytes;
  private long row;
  private int count;
  private Ticks ticks;

  Rows(int columns) {
    samples = new ByteBuffer[columns];
    sampleBytes = new int[columns];
  }

  void set(long newRow, int newCount, Ticks newTicks) {
    row = newRow;
    count = newCount;
    ticks = newTicks;
  }

  void setColumn(int column, ByteBuffer newSamples) {
    samples[column] = newSamples;
    sampleBytes[column] = newSamples == null ? 0 : newSamples.remaining() / count;
  }

  @Override
  public long row() {
    return row;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public boolean isOnLine() {
    return ticks.isOnLine();
  }

  @Override
  public long deltaTicks() {
    return ticks.delta();
  }

  @Override
  public long tick(int index) {
    return ticks.at(index);
  }

  @Override
  public ByteBuffer samples(int column) {
    return samples[column];
  }

  @Override
  public int sampleBytes(int column, int index) {
    return sampleBytes[column]; // those that differ come one by one
  }
}
