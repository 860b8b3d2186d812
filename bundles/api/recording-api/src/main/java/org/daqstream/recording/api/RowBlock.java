/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.api;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Consecutive rows of a table. Every column is there for all of them or for none: where a signal
 * has a hole another block begins. One that is given to a {@linkplain RecordingWriter writer} is
 * gone when the call returns, one that a {@linkplain RecordingReader reader} gave with its next
 * call.
 */
@ConsumerType
public interface RowBlock {
  /** {@return number of the first row in the table} */
  long row();

  /** {@return how many rows, at least 1} */
  int count();

  /** {@return whether the rows are {@link #deltaTicks} apart in the domain} */
  boolean isOnLine();

  /** {@return distance of neighbouring rows in ticks; 0 unless {@link #isOnLine}} */
  long deltaTicks();

  /**
   * {@return the domain value of a row, in ticks}
   *
   * @param index 0 to {@code count() - 1}
   */
  long tick(int index);

  /**
   * {@return the samples of a column as they are on the wire: little endian, without padding, from
   * position to limit, not scaled; {@code null} when the signal has none in these rows} Not to be
   * changed; its position and limit may be.
   *
   * @param column place of the signal in {@link RecordingPart#signals()}
   */
  ByteBuffer samples(int column);

  /**
   * {@return the size of a sample in bytes; they follow one another}
   *
   * @param column as for {@link #samples}, of one that is there
   * @param index 0 to {@code count() - 1}
   */
  int sampleBytes(int column, int index);
}
