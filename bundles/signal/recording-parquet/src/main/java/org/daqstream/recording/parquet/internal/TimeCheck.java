/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.recording.support.DomainClock;
import org.daqstream.signal.api.SignalDescriptor;

/** Compares the times of rows with their ticks. */
final class TimeCheck {
  private final ColumnCursor column;
  private final DomainClock clock;
  private long[] nanos = {};

  /** For a row group; the domain is a time. */
  TimeCheck(ColumnCursor column, SignalDescriptor domain) {
    this.column = column;
    clock = DomainClock.of(domain);
  }

  /** Looks at the next rows. */
  void check(RowBlock block) throws IOException {
    try {
      for (int row = 0; row < block.count(); ) {
        int count = column.alike(block.count() - row);
        if (column.isPresent()) {
          nanos = nanos.length < count ? new long[count] : nanos;
          column.longs(nanos, count);
        } else {
          column.passMissing(count);
        }
        for (int i = 0; i < count; i++, row++) {
          compare(block, row, column.isPresent() ? nanos[i] : null);
        }
      }
    } catch (IOException | RuntimeException e) {
      throw column.failure(e);
    }
  }

  private void compare(RowBlock block, int index, Long time) throws IOException {
    long tick = block.tick(index);
    Long right;
    try {
      right = clock.nanos(tick);
    } catch (ArithmeticException e) {
      right = null; // beyond what a timestamp can tell
    }
    // next to that limit all of a block may be without times
    boolean isRight = time == null ? right == null || isNearLimit(right) : time.equals(right);
    if (!isRight) {
      throw new IOException(
          "row %s: time %s where tick %s is %s"
              .formatted(block.row() + index, text(time), tick, text(right)));
    }
  }

  private static boolean isNearLimit(long nanos) {
    return nanos > Long.MAX_VALUE / 100 * 99 || nanos < Long.MIN_VALUE / 100 * 99;
  }

  private static String text(Long nanos) {
    return nanos == null ? "missing" : nanos + " ns";
  }

  /** Passes rows. */
  void skip(long count) {
    column.skip(count);
  }
}
