/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.util.ArrayDeque;
import java.util.Deque;

/** What came of a signal and of which it is not known yet whether it is to be recorded. */
final class Lane {
  /** Samples with what is missing before them; which came first. */
  record Piece(long order, MissingRows loss, SampleRun run) {
    /** Whether what is missing was given up here. */
    boolean isEvicted() {
      return loss.reason() == LossReason.MEMORY || loss.reason() == LossReason.CHANGE;
    }
  }

  final RecordedSignal signal;
  private final DomainTime time; // null when the domain tells none that can be compared
  private final Deque<Piece> pieces = new ArrayDeque<>();
  private MissingRows evicted;
  private long seen = Long.MIN_VALUE;

  Lane(RecordedSignal signal, DomainTime time) {
    this.signal = signal;
    this.time = time;
  }

  boolean isConstant() {
    return signal.isConstant();
  }

  /** How much memory its samples take. */
  long bytes() {
    return pieces.stream().mapToLong(each -> each.run().samples().remaining()).sum();
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
    return time.at(tick);
  }

  Piece head() {
    return pieces.peekFirst();
  }

  void add(Piece piece) {
    pieces.addLast(piece);
    if (isTimed()) {
      seen = Math.max(seen, timeAt(piece.run().tickAt(piece.run().count() - 1)));
    }
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
    SampleRun run = piece.run();
    if (count < run.count()) {
      pieces.addFirst(new Piece(piece.order(), null, run.part(count, run.count())));
    }
    SampleRun first = run.part(0, count);
    MissingRows loss = piece.loss();
    if (evicted != null) {
      loss = evicted.until(first.row(), first.tick());
      evicted = null;
    }
    return new Piece(piece.order(), loss, first);
  }

  /** Gives the head up. */
  SampleRun evict(LossReason reason) {
    Piece piece = pieces.pollFirst();
    SampleRun run = piece.run();
    MissingRows first = piece.loss();
    if (evicted == null) {
      evicted =
          first == null
              ? new MissingRows(reason, run.row(), run.tick(), 0, 0, true)
              : new MissingRows(reason, first.fromRow(), first.fromTick(), 0, 0, true);
    }
    return run;
  }

  /** Whether something is missing in front of the head that was there. */
  boolean isEvicted() {
    return evicted != null;
  }

  /** The part of a hole that is at or behind a time, {@code null} when there is none. */
  MissingRows from(MissingRows loss, long start, long delta) {
    if (loss == null || timeAt(loss.toTick()) <= start) {
      return null;
    }
    long first = loss.fromRow();
    long last = loss.toRow() - 1;
    boolean isLine = delta > 0 && loss.fromTick() + (last + 1 - first) * delta == loss.toTick();
    if (!isLine || timeAt(loss.fromTick()) >= start) {
      return loss;
    }
    long low = first;
    while (low < last) {
      long middle = low + (last - low) / 2;
      if (timeAt(loss.fromTick() + (middle - first) * delta) >= start) {
        last = middle;
      } else {
        low = middle + 1;
      }
    }
    long tick = loss.fromTick() + (low - first) * delta;
    return timeAt(tick) < start
        ? null
        : new MissingRows(loss.reason(), low, tick, loss.toRow(), loss.toTick(), loss.isTimed());
  }
}
