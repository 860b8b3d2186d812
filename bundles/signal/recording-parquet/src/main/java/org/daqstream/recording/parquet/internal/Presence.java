/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.util.Arrays;

/** Which rows of a column are there: lengths of what is there and what is missing, in turn. */
final class Presence {
  /** At even places how many rows are there, at odd ones how many are missing. */
  private int[] lengths = new int[8];

  private int runs;
  private int rows;
  private int present;

  void add(int count, boolean isThere) {
    if (count == 0) {
      return;
    }
    boolean lastIsThere = (runs & 1) == 1;
    if (runs == 0 && !isThere) {
      runs = 1; // nothing, there
    } else if (runs > 0 && lastIsThere == isThere) {
      lengths[runs - 1] += count;
      total(count, isThere);
      return;
    }
    if (runs == lengths.length) {
      lengths = Arrays.copyOf(lengths, runs * 2);
    }
    lengths[runs++] = count;
    total(count, isThere);
  }

  private void total(int count, boolean isThere) {
    rows += count;
    present += isThere ? count : 0;
  }

  void clear() {
    Arrays.fill(lengths, 0, runs, 0);
    runs = 0;
    rows = 0;
    present = 0;
  }

  /** How many rows are there before one. */
  int presentBefore(int row) {
    return row >= rows ? present : countPresent(row);
  }

  private int countPresent(int row) {
    int left = row;
    int count = 0;
    for (int i = 0; i < runs && left > 0; i++) {
      int n = Math.min(left, lengths[i]);
      count += (i & 1) == 0 ? n : 0;
      left -= n;
    }
    return count;
  }

  /** Takes runs of rows. */
  interface Runs {
    void run(int count, boolean isThere);
  }

  void each(int fromRow, int toRow, Runs target) {
    int at = 0;
    for (int i = 0; i < runs && at < toRow; i++) {
      int from = Math.max(at, fromRow);
      int to = Math.min(at + lengths[i], toRow);
      if (from < to) {
        target.run(to - from, (i & 1) == 0);
      }
      at += lengths[i];
    }
  }
}
