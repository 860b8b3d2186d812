/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.protocol.ProtocolException.Kind;

/**
 * The domain of a linear table as a client knows it: segments of the line {@code tick = tick0 +
 * deltaTicks * (row - row0)}, each holding from its row on (protocol section 3.2). Not thread-safe.
 *
 * <p>It keeps the last {@value #SEGMENT_LIMIT} segments; rows before the first one are extrapolated
 * from it.
 */
public final class RowTime {
  /** Most segments that are kept. */
  public static final int SEGMENT_LIMIT = 1024;

  /**
   * A line.
   *
   * @param row first row for which it holds
   * @param tick domain value of that row
   * @param deltaTicks distance of neighbouring rows, in ticks
   */
  public record Segment(long row, long tick, long deltaTicks) {
    /**
     * {@return the domain value of a row}
     *
     * @param anyRow a row, also before the segment
     * @throws ArithmeticException when it does not fit into 64 bits
     */
    public long tickOf(long anyRow) {
      return Math.addExact(tick, Math.multiplyExact(deltaTicks, Math.subtractExact(anyRow, row)));
    }

    private boolean holds(long anyRow, long anyTick) {
      try {
        return tickOf(anyRow) == anyTick;
      } catch (ArithmeticException e) {
        return false;
      }
    }
  }

  private final List<Segment> segments = new ArrayList<>();
  private long deltaTicks;

  /**
   * A table whose domain has not said where it stands.
   *
   * @param deltaTicks distance of neighbouring rows, in ticks; greater than zero
   */
  public RowTime(long deltaTicks) {
    setDelta(deltaTicks);
  }

  /**
   * Changes the distance of rows for segments that are added from now on.
   *
   * @param newDeltaTicks distance of neighbouring rows, in ticks; greater than zero
   */
  public void setDelta(long newDeltaTicks) {
    if (newDeltaTicks <= 0) {
      throw new IllegalArgumentException("deltaTicks must be > 0, not " + newDeltaTicks);
    }
    deltaTicks = newDeltaTicks;
  }

  /**
   * Takes a pair from a data packet of the domain. A pair that lies on the known line says nothing
   * new; any other one starts a segment and ends those behind it, so that rows may start over.
   *
   * @param pair row and tick
   */
  public void add(DomainPair pair) {
    int covering = indexOf(pair.row());
    if (covering >= 0) {
      Segment known = segments.get(covering);
      if (known.deltaTicks() == deltaTicks && known.holds(pair.row(), pair.tick())) {
        return;
      }
    }
    int keep = covering >= 0 && segments.get(covering).row() < pair.row() ? covering + 1 : covering;
    segments.subList(Math.max(keep, 0), segments.size()).clear();
    if (segments.size() == SEGMENT_LIMIT) {
      segments.remove(0);
    }
    segments.add(new Segment(pair.row(), pair.tick(), deltaTicks));
  }

  /** {@return whether the domain has said where it stands; without that {@link #tickOf} fails} */
  public boolean isKnown() {
    return !segments.isEmpty();
  }

  /**
   * {@return the domain value of a row}
   *
   * @throws ProtocolException of kind {@code BAD_DATA} when no segment is known, or the value does
   *     not fit into 64 bits
   */
  public long tickOf(long row) throws ProtocolException {
    Segment segment = segmentOf(row);
    try {
      return segment.tickOf(row);
    } catch (ArithmeticException e) {
      throw new ProtocolException(
          Kind.BAD_DATA, "row " + row + " is out of range of " + segment, e);
    }
  }

  /**
   * {@return the last segment that starts at or before a row, else the first one} With its {@link
   * Segment#tickOf} a whole block can be stamped, as far as {@link #endOf} says.
   *
   * @throws ProtocolException of kind {@code BAD_DATA} when no segment is known
   */
  public Segment segmentOf(long row) throws ProtocolException {
    if (segments.isEmpty()) {
      throw new ProtocolException(
          Kind.BAD_DATA, "row " + row + " came before the domain said where it stands");
    }
    return segments.get(Math.max(indexOf(row), 0));
  }

  /**
   * {@return where the segment of a row ends: the first row of the next one, {@link Long#MAX_VALUE}
   * in the last}
   */
  public long endOf(long row) {
    int next = Math.max(indexOf(row), 0) + 1;
    return next < segments.size() ? segments.get(next).row() : Long.MAX_VALUE;
  }

  /** Index of the last segment that starts at or before a row, -1 without one. */
  private int indexOf(long row) {
    int index = segments.size() - 1;
    while (index >= 0 && segments.get(index).row() > row) {
      index--;
    }
    return index;
  }
}
