/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

/**
 * Gives every block of a table its row. Rows are positions on the table's line, which is made of
 * segments: row {@code r} of a segment has the tick {@code startTick + deltaTicks * (r -
 * startRow)}, and each segment takes up where the rows written before it end. So a row has one tick
 * for all signals of the table, every sample keeps the tick that it was written with, and the rows
 * of one signal never go back.
 *
 * <p>A block of a signal goes, in this order,
 *
 * <ol>
 *   <li>on behind the signal's last block, when its tick says so and the segment reaches that far;
 *   <li>into the rows of a known segment that has its tick, newest segment first: a hole in this
 *       signal, or a signal that follows its siblings over a jump. On the newest segment a signal
 *       behind its siblings may also step past them, so that siblings that lost different amounts
 *       of data find one line again;
 *   <li>into a new segment behind all rows: a jump of the clock, also backwards, off the grid, or a
 *       gap of a signal that has no siblings before it. Such a gap costs no rows.
 * </ol>
 *
 * <p>On an explicit domain there is no line; there each block gets rows of its own, see {@link
 * #append}.
 *
 * <p>For one thread at a time. Nothing is allocated after construction.
 */
final class TableLine {
  /** How many segments a lagging signal can still find. */
  static final int HISTORY_SEGMENTS = 16;

  /** How far a signal may step past its siblings; bounds the row numbers whatever the ticks do. */
  static final long STEP_LIMIT_ROWS = 1L << 32;

  private static final long OPEN_END = Long.MAX_VALUE;

  /** Where rows that are given end; leaves room for those that follow. */
  private static final long ROWS_LIMIT = 1L << 62;

  /** Below these the ticks of a block are no more than fit in a number. */
  private static final int SURE_ROWS = 1 << 24;

  private static final long SURE_DELTA = 1L << 38;

  /** Where one signal stands. */
  static final class Position {
    private long nextRow;
    private long segment = -1;

    /** Tick that a block without a gap begins at, with this distance of rows; 0 if unknown. */
    private long nextTick;

    private long deltaTicks;
  }

  // Segment s is at index s % HISTORY_SEGMENTS; all but the newest one have an end.
  private final long[] startRow = new long[HISTORY_SEGMENTS];
  private final long[] endRow = new long[HISTORY_SEGMENTS];
  private final long[] startTick = new long[HISTORY_SEGMENTS];
  private final long[] deltaTicks = new long[HISTORY_SEGMENTS];
  private long segments;
  private long frontierRow;
  private long nowDeltaTicks;

  /** An empty line; for an explicit domain the distance of neighbouring rows is of no use. */
  TableLine(long deltaTicks) {
    nowDeltaTicks = deltaTicks;
  }

  /** Makes the blocks to come use another distance; the rows so far keep theirs. */
  void setDeltaTicks(long newDeltaTicks) {
    nowDeltaTicks = newDeltaTicks;
  }

  /**
   * Places a block of a linear domain, at least one sample, and moves the signal's position behind
   * it; gives the row of the first sample.
   */
  long place(Position position, long tick, int count) {
    long row;
    if (continuesNewest(position, tick) || continues(position, tick, count)) {
      row = position.nextRow;
    } else {
      row = enterSegment(position, tick, count);
    }
    position.nextRow = row + count;
    frontierRow = Math.max(frontierRow, position.nextRow);
    position.nextTick = tick + count * nowDeltaTicks;
    boolean isSure = count < SURE_ROWS && nowDeltaTicks < SURE_DELTA && position.nextTick > tick;
    position.deltaTicks = isSure ? nowDeltaTicks : 0;
    return row;
  }

  /** What most blocks do, found out with a few comparisons. */
  private boolean continuesNewest(Position position, long tick) {
    return tick == position.nextTick
        && position.deltaTicks == nowDeltaTicks
        && position.segment == segments - 1;
  }

  /**
   * Takes rows for a block of an explicit domain, to be shared by the signals that are written with
   * the same stamps; gives that of the first sample.
   */
  long append(int count) {
    long row = frontierRow;
    frontierRow += count;
    return row;
  }

  /** Moves a signal's position behind a block whose rows its publisher has given. */
  void placeAt(Position position, long row, int count) {
    if (row < position.nextRow - 1 || row < 0 || row > ROWS_LIMIT) {
      throw new IllegalArgumentException(
          "row %s is not at or behind row %s, or beyond 2^62".formatted(row, position.nextRow));
    }
    endNewestSegment();
    position.nextRow = Math.max(position.nextRow, row + count);
    position.segment = -1;
    position.deltaTicks = 0;
    frontierRow = Math.max(frontierRow, position.nextRow);
  }

  private boolean continues(Position position, long tick, int count) {
    if (position.segment < 0 || segments - position.segment > HISTORY_SEGMENTS) {
      return false;
    }
    int s = indexOf(position.segment);
    if (deltaTicks[s] != nowDeltaTicks || count > endRow[s] - position.nextRow) {
      return false;
    }
    long rows = position.nextRow - startRow[s];
    long span = rows * nowDeltaTicks;
    if (span < 0 || Math.multiplyHigh(rows, nowDeltaTicks) != 0) {
      return false; // the line left the numbers
    }
    long expected = startTick[s] + span;
    return tick == expected && expected >= startTick[s];
  }

  private long enterSegment(Position position, long tick, int count) {
    long oldest = Math.max(0, segments - HISTORY_SEGMENTS);
    for (long segment = segments - 1; segment >= oldest; segment--) {
      int s = indexOf(segment);
      if (endRow[s] <= position.nextRow) {
        break; // older segments end before
      }
      long row = rowOnGrid(s, tick);
      if (row >= position.nextRow && holds(s, position, row, count)) {
        position.segment = segment;
        return row;
      }
    }
    position.segment = openSegment(tick);
    return frontierRow;
  }

  /** Row of a tick in a segment as if that had no end, or -1 when it is not on its grid. */
  private long rowOnGrid(int s, long tick) {
    long distance = tick - startTick[s];
    if (deltaTicks[s] != nowDeltaTicks
        || tick < startTick[s]
        || distance < 0 // too far for a long
        || distance % nowDeltaTicks != 0) {
      return -1;
    }
    return startRow[s] + distance / nowDeltaTicks; // negative when too far for a long
  }

  private boolean holds(int s, Position position, long row, int count) {
    if (endRow[s] != OPEN_END) {
      return row <= endRow[s] - count;
    }
    long aheadRows = row - frontierRow;
    return aheadRows <= 0 || (position.nextRow < frontierRow && aheadRows <= STEP_LIMIT_ROWS);
  }

  /** Rows that are taken from now on are of none of the segments so far. */
  private void endNewestSegment() {
    if (segments > 0 && endRow[indexOf(segments - 1)] == OPEN_END) {
      endRow[indexOf(segments - 1)] = frontierRow;
    }
  }

  private long openSegment(long tick) {
    endNewestSegment();
    int s = indexOf(segments);
    startRow[s] = frontierRow;
    endRow[s] = OPEN_END;
    startTick[s] = tick;
    deltaTicks[s] = nowDeltaTicks;
    return segments++;
  }

  private static int indexOf(long segment) {
    return (int) (segment % HISTORY_SEGMENTS);
  }
}
