/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.client.Gap;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SampleListener;

/**
 * What a client sees of a counter of the simulator. A sample's value is its number since its source
 * began, so a row that is wrong, comes twice or in another order, and a loss that is not told, are
 * found. Ticks lie on a line as long as the source does not say that it jumped.
 */
final class SeenRows implements SampleListener {
  private static final int WRONG_LIMIT = 20;

  private final long deltaNanos;
  private final List<String> wrong = new ArrayList<>();
  private boolean hasBegun;
  private long nextRow;
  private long lifeRow; // of the sample 0 of the source
  private long zeroNanos; // of the sample 0 of the source
  private Gap gap; // told, in front of the next block
  private long rows;
  private long firstMadeNanos;
  private long lastMadeNanos;
  private long lastArrivalNanos;
  private Seen seen = new Seen();

  /** What was seen since it was marked. */
  private static final class Seen {
    final long startNanos = System.nanoTime();
    long missing;
    int gaps;
    int lives;
    long silenceNanos;
    final List<String> interruptions = new ArrayList<>();
  }

  /** Of a source with so many samples in a second. */
  SeenRows(int rateHz) {
    deltaNanos = 1_000_000_000L / rateHz;
  }

  @Override
  public synchronized void block(SampleBlock block) {
    long now = System.nanoTime();
    long[] values = (long[]) block.raw();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != values[0] + i) {
        wrong("row " + (block.row() + i) + " is " + values[i] + " behind " + values[0]);
        break;
      }
    }
    if (hasBegun) {
      check(block, values[0]);
      seen.silenceNanos =
          Math.max(seen.silenceNanos, now - Math.max(seen.startNanos, lastArrivalNanos));
    }
    firstMadeNanos = hasBegun ? firstMadeNanos : block.nanos(0);
    hasBegun = true;
    gap = null;
    lifeRow = block.row() - values[0];
    zeroNanos = block.nanos(0) - values[0] * deltaNanos;
    nextRow = block.row() + block.count();
    rows += block.count();
    lastMadeNanos = block.nanos(block.count() - 1);
    lastArrivalNanos = now;
  }

  private void check(SampleBlock block, long value) {
    long row = block.row();
    boolean isNewLife = block.nanos(0) - value * deltaNanos != zeroNanos;
    boolean isNumberedAnew = row - value != lifeRow;
    long missing = isNewLife ? row - nextRow : row - nextRow - (row - value - lifeRow);
    if (block.nanos(0) <= lastMadeNanos) {
      wrong("row " + row + " was made before row " + (nextRow - 1));
    }
    if (row < nextRow && !isOfAnotherConnection()) {
      wrong("row " + row + " comes where " + nextRow + " should");
    }
    if (isNumberedAnew && row - value < nextRow && !isOfAnotherConnection()) {
      wrong("row " + row + " is sample " + value + ", and of sample 0 was row " + lifeRow);
    }
    if (row != nextRow || isNewLife || isNumberedAnew) {
      if (gap == null) {
        wrong("nobody said that something is missing between rows " + nextRow + " and " + row);
      } else if (gap.fromRow() != nextRow || gap.toRow() != row) {
        wrong("rows " + nextRow + " to " + row + " are missing, and told was " + gap);
      }
    } else if (gap != null) {
      wrong("nothing is missing, and told was " + gap);
    }
    seen.missing += Math.max(0, missing);
    seen.lives += isNewLife ? 1 : 0;
  }

  /** An edge that has begun anew numbers rows as the source does now. */
  private boolean isOfAnotherConnection() {
    return gap != null && gap.reason() == Gap.Reason.CONNECTION;
  }

  private void wrong(String what) {
    if (wrong.size() < WRONG_LIMIT) {
      wrong.add(what);
    }
  }

  @Override
  public synchronized void gap(Gap told) {
    if (gap != null) {
      wrong("two gaps in front of a block: " + gap + ", " + told);
    }
    gap = told;
    seen.gaps++;
  }

  @Override
  public synchronized void interrupted(String why) {
    seen.interruptions.add(why);
  }

  /** Begins anew to count what is seen. */
  synchronized void mark() {
    seen = new Seen();
  }

  /** What is not as it should be, since the beginning. */
  synchronized List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** Samples that came, since the beginning. */
  synchronized long rows() {
    return rows;
  }

  /** When the first sample that came was made, as below. */
  synchronized long firstMadeNanos() {
    return firstMadeNanos;
  }

  /** When the last sample that came was made, in nanoseconds since 1970 by its source's clock. */
  synchronized long lastMadeNanos() {
    return lastMadeNanos;
  }

  /** When the source's number 0 was made, by its clock. */
  synchronized long zeroNanos() {
    return zeroNanos;
  }

  /** When the last one came, as {@link System#nanoTime}. */
  synchronized long lastArrivalNanos() {
    return lastArrivalNanos;
  }

  /** Rows that did not come, since the mark. */
  synchronized long missing() {
    return seen.missing;
  }

  /** How often the source began anew, since the mark. */
  synchronized int lives() {
    return seen.lives;
  }

  /** How often, and why, nothing came for a while, since the mark. */
  synchronized List<String> interruptions() {
    return List.copyOf(seen.interruptions);
  }

  /** The longest time without a block, since the mark. */
  synchronized double silenceSeconds() {
    return seen.silenceNanos / 1e9;
  }

  @Override
  public synchronized String toString() {
    return "%d rows, %d missing, %d gaps, %d lives, interrupted by %s, silent for %.1f s, wrong: %s"
        .formatted(
            rows, seen.missing, seen.gaps, seen.lives, seen.interruptions, silenceSeconds(), wrong);
  }
}
