/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.format.support;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/** A block of rows that are collected one by one, for those who read a file row by row. */
public final class CollectedRows implements RowBlock {
  private static final int LEAST_BYTES = 256;
  private static final int MOST_BYTES = 1 << 20;

  private final int rowsLimit;
  private final long lineDelta; // 0: ticks as they come
  private final byte[][] samples;
  private final int[] filled;
  private final int[][] ends;
  private final boolean[] isPresent;
  private final long[] ticks;
  private long row;
  private int count;
  private boolean isLine;

  /**
   * An empty one.
   *
   * @param rowsLimit how many rows at most
   */
  public CollectedRows(SignalDescriptor domain, List<SignalDescriptor> signals, int rowsLimit) {
    this.rowsLimit = rowsLimit;
    lineDelta = domain.rule() instanceof Rule.Linear line ? line.deltaTicks() : 0;
    int columns = signals.size();
    samples = new byte[columns][LEAST_BYTES];
    filled = new int[columns];
    ends = new int[columns][rowsLimit];
    isPresent = new boolean[columns];
    ticks = new long[rowsLimit];
  }

  /** Forgets all rows. */
  public void clear() {
    count = 0;
    isLine = false;
    Arrays.fill(filled, 0);
  }

  /**
   * Takes a row, if it can be in one block with those before it.
   *
   * @param encoded a sample of each signal as on the wire, {@code null} where it is missing; copied
   * @return whether it was taken; else it begins the next block
   */
  public boolean add(long newRow, long tick, List<ByteBuffer> encoded) {
    if (count > 0 && !fits(newRow, tick, encoded)) {
      return false;
    }
    row = count == 0 ? newRow : row;
    for (int i = 0; i < samples.length; i++) {
      ByteBuffer sample = encoded.get(i);
      isPresent[i] = sample != null;
      if (sample != null) {
        append(i, sample);
      }
    }
    ticks[count++] = tick;
    isLine = count == 2 || (isLine && tick - ticks[count - 2] == ticks[1] - ticks[0]);
    isLine &= count > 1 && ticks[1] != ticks[0];
    return true;
  }

  private boolean fits(long newRow, long tick, List<ByteBuffer> encoded) {
    boolean goesOn = newRow == row + count && count < rowsLimit;
    if (!goesOn || (lineDelta != 0 && tick - ticks[count - 1] != lineDelta)) {
      return false;
    }
    for (int i = 0; i < samples.length; i++) {
      if (isPresent[i] != (encoded.get(i) != null) || filled[i] > MOST_BYTES) {
        return false;
      }
    }
    return true;
  }

  private void append(int column, ByteBuffer sample) {
    int bytes = sample.remaining();
    int end = filled[column] + bytes;
    if (end > samples[column].length) {
      samples[column] = Arrays.copyOf(samples[column], Math.max(end, filled[column] * 2));
    }
    sample.get(sample.position(), samples[column], filled[column], bytes);
    filled[column] = end;
    ends[column][count] = end;
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
    return lineDelta != 0 || isLine;
  }

  @Override
  public long deltaTicks() {
    return lineDelta != 0 ? lineDelta : isLine ? ticks[1] - ticks[0] : 0;
  }

  @Override
  public long tick(int index) {
    return ticks[index];
  }

  @Override
  public ByteBuffer samples(int column) {
    return isPresent[column] ? ByteBuffer.wrap(samples[column], 0, filled[column]) : null;
  }

  @Override
  public int sampleBytes(int column, int index) {
    return ends[column][index] - (index == 0 ? 0 : ends[column][index - 1]);
  }
}
