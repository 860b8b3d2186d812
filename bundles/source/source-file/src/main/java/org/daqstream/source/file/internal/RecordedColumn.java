/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.recording.support.SampleSize;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.WriteResult;

/** A signal of a recording on its way to its port: the bytes that were recorded. */
final class RecordedColumn {
  /** Where rows of a block are to be played. */
  interface Place {
    /** Number of a row. */
    long row(int index);

    /** Domain value of a row. */
    long tick(int index);

    /** Those of some rows; {@code null} when they are on the line of the domain. */
    long[] ticks(int from, int count);
  }

  private final int column;
  private final boolean isHeld;
  private final int fixedBytes;

  /** How far the samples of a block are played that have sizes of their own. */
  private int playedBytes;

  private int playedRows;

  /** What holds, of a signal that tells changes only. */
  private ByteBuffer held;

  RecordedColumn(int column, SignalDescriptor signal) {
    this.column = column;
    isHeld = signal.rule() instanceof Rule.Constant;
    fixedBytes = SampleSize.of(signal);
  }

  /** Another block begins. */
  void begin() {
    playedBytes = 0;
    playedRows = 0;
  }

  /**
   * Writes some rows of a block, if the signal has any there.
   *
   * @param isTogether whether the domain allows for more than one row at once
   */
  WriteResult write(
      SignalPort port, RowBlock block, int from, int count, Place place, boolean isTogether) {
    ByteBuffer samples = block.samples(column);
    if (samples == null) {
      return WriteResult.ACCEPTED;
    }
    if (isTogether && !isHeld && fixedBytes != SampleSize.VARIABLE) {
      int start = samples.position() + from * fixedBytes;
      return write(port, place, from, count, slice(samples, start, count * fixedBytes));
    }
    WriteResult result = WriteResult.ACCEPTED;
    for (int i = from; i < from + count; i++) {
      ByteBuffer sample = sample(samples, block, i);
      if (!isHeld || !sample.equals(held)) {
        result = worse(result, write(port, place, i, 1, sample));
        hold(sample);
      }
    }
    return result;
  }

  private void hold(ByteBuffer sample) {
    if (isHeld) {
      held = ByteBuffer.allocate(sample.remaining()).put(0, sample, 0, sample.remaining());
    }
  }

  private ByteBuffer sample(ByteBuffer samples, RowBlock block, int index) {
    for (; playedRows < index; playedRows++) {
      playedBytes += block.sampleBytes(column, playedRows);
    }
    return slice(samples, samples.position() + playedBytes, block.sampleBytes(column, index));
  }

  private static ByteBuffer slice(ByteBuffer samples, int start, int bytes) {
    return samples.slice(start, bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static WriteResult write(
      SignalPort port, Place place, int from, int count, ByteBuffer samples) {
    long[] ticks = place.ticks(from, count);
    return ticks == null
        ? port.writeAt(place.row(from), place.tick(from), samples, 0, count)
        : port.writeAt(place.row(from), ticks, samples, 0, count);
  }

  /** That some are too large is to be told, whatever became of the others. */
  static WriteResult worse(WriteResult one, WriteResult other) {
    return one == WriteResult.TOO_LARGE ? one : other;
  }
}
