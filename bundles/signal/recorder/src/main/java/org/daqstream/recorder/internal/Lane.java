/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import org.daqstream.recording.support.DomainClock;

/** What came of a signal and of which it is not known yet whether it is to be recorded. */
final class Lane {
  /** Samples with what is missing before them; which came first. */
  record Piece(long order, MissingRows loss, SampleRun run) {
    /** How much memory it takes. */
    long bytes() {
      int stamps = run.ticks() == null ? 0 : run.ticks().length;
      return OBJECTS_BYTES + (long) stamps * Long.BYTES + run.samples().remaining();
    }
  }

  /** Of a piece beside its samples and stamps: small ones are mostly that. */
  private static final int OBJECTS_BYTES = 200;

  final RecordedSignal signal;
  private final DomainClock time; // null when the domain tells none that can be compared
  private final Deque<Piece> pieces = new ArrayDeque<>();
  private MissingRows evicted;
  private long endRow = Long.MIN_VALUE; // behind what was taken or given up
  private long endTick;
  private long firstRow;
  private long seen = Long.MIN_VALUE;
  private long bytes;

  Lane(RecordedSignal signal, DomainClock time) {
    this.signal = signal;
    this.time = time;
  }

  boolean isConstant() {
    return signal.isConstant();
  }

  /** How much memory what waits takes. */
  long bytes() {
    return bytes;
  }

  /** Whether its samples have times that can be compared with those of the trigger. */
  boolean isTimed() {
    return time != null;
  }

  /** The time of the last sample that came. */
  long seen() {
    return seen;
  }

  long timeAt(long tick) {
    return time.boundedNanos(tick);
  }

  Piece head() {
    return pieces.peekFirst();
  }

  /** Gives how much memory it takes. */
  long add(Piece piece) {
    pieces.addLast(piece);
    bytes += piece.bytes();
    if (isTimed()) {
      seen = Math.max(seen, timeAt(piece.run().tickAt(piece.run().count() - 1)));
    }
    return piece.bytes();
  }

  /** The first sample of the head that is later than a time, or how many there are. */
  int firstAfter(long limit) {
    SampleRun run = head().run();
    int low = 0;
    int high = run.count();
    while (low < high) { // times do not go back within a block
      int middle = (low + high) >>> 1;
      if (timeAt(run.tickAt(middle)) > limit) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Takes samples from the front of the head, with all that is missing before them. */
  Piece take(int count) {
    Piece piece = pieces.pollFirst();
    bytes -= piece.bytes();
    SampleRun run = piece.run();
    if (count < run.count()) {
      Piece rest = new Piece(piece.order(), null, run.part(count, run.count()));
      pieces.addFirst(rest);
      bytes += rest.bytes();
    }
    SampleRun first = run.part(0, count);
    MissingRows loss = piece.loss();
    if (evicted != null) {
      loss = evicted.until(first.row(), first.tick());
      evicted = null;
    } else if (loss == null && isSkipped(first)) {
      loss = new MissingRows(LossReason.ROWS, endRow, endTick, first.row(), first.tick());
    }
    passed(first);
    return new Piece(piece.order(), loss, first);
  }

  /** Whether the source has left rows out. */
  private boolean isSkipped(SampleRun run) {
    boolean isOnLine = run.delta() > 0 && !isConstant();
    return isOnLine && endRow != Long.MIN_VALUE && run.row() > endRow;
  }

  private void passed(SampleRun run) {
    firstRow = endRow == Long.MIN_VALUE ? run.row() : firstRow;
    endRow = run.endRow();
    endTick = run.endTick();
  }

  /** Gives the head up, and how much memory it took. */
  long evict(LossReason reason) {
    Piece piece = pieces.pollFirst();
    bytes -= piece.bytes();
    SampleRun run = piece.run();
    MissingRows first = piece.loss();
    if (evicted == null) {
      evicted =
          first == null
              ? new MissingRows(reason, run.row(), run.tick(), 0, 0)
              : new MissingRows(reason, first.fromRow(), first.fromTick(), 0, 0);
    }
    passed(run);
    return piece.bytes();
  }

  /** The rows that were taken from it, on a line; {@code null} for none. */
  MissingRows passed() {
    long delta = signal.table.files().deltaTicks();
    if (endRow == Long.MIN_VALUE || delta <= 0 || isConstant()) {
      return null;
    }
    long firstTick = endTick - delta * (endRow - firstRow);
    return new MissingRows(LossReason.LATE, firstRow, firstTick, endRow, endTick);
  }

  /** What was given up, when nothing follows; {@code null} for nothing. */
  MissingRows takeEvicted() {
    MissingRows taken = evicted == null ? null : evicted.until(endRow, endTick);
    evicted = null;
    return taken;
  }

  /** Whether something is missing in front of the head that was there. */
  boolean isEvicted() {
    return evicted != null;
  }

  /** The part of a hole that is in a span of time, {@code null} when there is none. */
  MissingRows within(MissingRows loss, long start, long end) {
    long count = loss.toRow() - loss.fromRow();
    long ticks = loss.toTick() - loss.fromTick();
    if (count <= 0 || timeAt(loss.toTick()) < start || timeAt(loss.fromTick()) > end) {
      return null;
    }
    if (signal.table.files().deltaTicks() * count != ticks) {
      return loss; // on no line: nobody knows where in it the rows are
    }
    long delta = ticks / count;
    long from = firstRow(loss, delta, start);
    long to = end == Long.MAX_VALUE ? loss.toRow() : firstRow(loss, delta, end + 1);
    return from == to
        ? null
        : new MissingRows(
            loss.reason(),
            from,
            loss.fromTick() + (from - loss.fromRow()) * delta,
            to,
            loss.fromTick() + (to - loss.fromRow()) * delta);
  }

  /** The first row of a hole at a time or behind it, or that behind the hole. */
  private long firstRow(MissingRows loss, long delta, long time) {
    long low = loss.fromRow();
    long high = loss.toRow();
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (timeAt(loss.fromTick() + (middle - loss.fromRow()) * delta) >= time) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
