/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;

/**
 * Writes the blocks of a recording to a table, each when its last row is due. When it falls behind
 * it catches up; when it is more than a second behind (the machine slept) it goes on from now with
 * no row left out: at the file's own speed the time jumps, else only the pace. Used by one thread.
 */
final class Playback {
  /** Returned by {@link #step} when the recording was played to its end. */
  static final long ENDED = -1;

  static final long BEHIND_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long BLOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long FOLLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long FOREVER_NANOS = Long.MAX_VALUE / 4;

  private final Consumer<String> logger;
  private final Settings settings;
  private final Recording recording;
  private final SignalTable table;
  private final int signals;
  private final LongSupplier clock;
  private final LimitedLog behind;
  private final LimitedLog leftOut;
  private long startNanos;
  private long paceNanos;
  private long values;
  private int count;
  private boolean refusalLogged;
  private boolean isMeantToBeLate; // until the next block

  /**
   * Begins at the present time, that of the first row. The logger is told what is wrong, each kind
   * at most once a minute; the clock gives nanoseconds since 1970-01-01.
   */
  Playback(
      Consumer<String> logger,
      Settings settings,
      Recording recording,
      SignalTable table,
      LongSupplier clock) {
    this.logger = logger;
    this.settings = settings;
    this.recording = recording;
    this.table = table;
    signals = table.ports().size();
    this.clock = clock;
    behind = new LimitedLog(logger, 1, TimeUnit.MINUTES.toNanos(1), clock);
    leftOut = new LimitedLog(logger, 10, TimeUnit.MINUTES.toNanos(1), clock);
    startNanos = clock.getAsLong();
    paceNanos = startNanos;
  }

  /**
   * Writes the next block if it is due; gives how many nanoseconds to wait until the next call, or
   * {@link #ENDED}.
   */
  long step() throws IOException {
    if (recording.isGrowing()) {
      return follow();
    }
    if (count == 0 && !readBlock()) {
      return ENDED;
    }
    long dueNanos = paceNanos + offsetNanos();
    long lateNanos = clock.getAsLong() - dueNanos;
    if (lateNanos < 0 && !settings.isUnlimited()) {
      return -lateNanos;
    }
    if (lateNanos > BEHIND_LIMIT_NANOS) {
      goOnFromNow(lateNanos);
    }
    isMeantToBeLate = false;
    write();
    return 0;
  }

  /** The next block is due now, whenever it was; the last one was not written. */
  void goOnElsewhere() {
    values -= (long) count * signals;
    count = 0;
    isMeantToBeLate = true;
  }

  /** What was not written for some time is due now. */
  void goOn() {
    isMeantToBeLate = true;
  }

  /** Id of the domain of its signals. */
  String tableId() {
    return table.domain().signalId();
  }

  /** How many signals it has. */
  int signals() {
    return table.ports().size();
  }

  /** Writes what has come at once, but no more values than allowed. */
  private long follow() throws IOException {
    count = recording.read(FOREVER_NANOS);
    String problem = recording.takeProblem();
    if (problem != null) {
      leftOut.say(more -> problem + "; the row is left out, " + leftOut.count() + " times so far");
    }
    if (count == 0) {
      return FOLLOW_NANOS;
    }
    long restNanos = (long) (count * signals * NANOS_PER_SECOND / settings.valuesPerSecondLimit());
    write();
    return restNanos;
  }

  private boolean readBlock() throws IOException {
    long spanNanos =
        settings.isUnpaced() ? FOREVER_NANOS : (long) Math.max(1, BLOCK_NANOS * settings.speed());
    count = recording.read(spanNanos);
    if (count == 0 && settings.loop()) {
      recording.rewind();
      count = recording.read(spanNanos);
    }
    values += (long) count * signals;
    return count > 0;
  }

  /** When the block is due, since the pace began. */
  private long offsetNanos() {
    double nanos =
        settings.isUnpaced()
            ? values * NANOS_PER_SECOND / settings.valuesPerSecondLimit()
            : recording.elapsedNanos() / settings.speed();
    return (long) Math.min(nanos, (double) FOREVER_NANOS);
  }

  private void goOnFromNow(long lateNanos) {
    paceNanos += lateNanos;
    if (settings.speed() == 1) {
      startNanos += lateNanos;
    }
    if (settings.isUnpaced() || isMeantToBeLate) {
      return; // as fast as it goes, which is slower than the limit
    }
    behind.say(
        more ->
            "fell behind by %s ms, goes on from now; %s times so far"
                .formatted(TimeUnit.NANOSECONDS.toMillis(lateNanos), behind.count()));
  }

  private void write() {
    WriteResult result = recording.write(table, startNanos);
    if (result == WriteResult.TOO_LARGE && !refusalLogged) {
      refusalLogged = true;
      logger.accept("blocks of " + count + " rows are dropped, enlarge the server's ringBytes");
    }
    count = 0;
  }
}
