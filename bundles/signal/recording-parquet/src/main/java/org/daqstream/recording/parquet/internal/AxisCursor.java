/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import java.util.Arrays;

/** Numbers of rows, ticks and the like, read ahead. */
final class AxisCursor {
  private static final int AHEAD = 4096;

  private final ColumnCursor column;
  private final TimeScale scale;
  private final long[] values = new long[AHEAD];
  private long row; // of the row group
  private int at;
  private int end;

  /**
   * At the beginning.
   *
   * @param scale makes ticks of what is in the file
   */
  AxisCursor(ColumnCursor column, TimeScale scale) {
    this.column = column;
    this.scale = scale;
  }

  /** How many values are there to be looked at, at most so many and at least one. */
  int ahead(long limit) throws IOException {
    if (at == end) {
      try {
        read((int) Math.min(AHEAD, limit));
      } catch (IOException | RuntimeException e) {
        throw column.failure(e);
      }
    }
    return (int) Math.min(limit, end - at);
  }

  private void read(int limit) throws IOException {
    int count = column.alike(limit);
    if (!column.isPresent()) {
      throw new IOException("is empty in row " + row + " of a row group");
    }
    column.longs(values, count);
    scale.apply(values, count);
    at = 0;
    end = count;
  }

  long value(int index) {
    return values[at + index];
  }

  long[] copy(int count) {
    return Arrays.copyOfRange(values, at, at + count);
  }

  void skip(long count) {
    row += count;
    int here = (int) Math.min(count, end - at);
    at += here;
    column.skip(count - here);
  }
}
