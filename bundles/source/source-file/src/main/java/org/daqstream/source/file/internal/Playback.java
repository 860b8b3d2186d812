/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long FOREVER_NANOS = Long.MAX_VALUE / 4;

  private final Consumer<String> warnings;
  private final Settings settings;
  private final Recording recording;
  private final SignalTable table;
  private final int signals;
  private long startNanos;
  private long paceNanos;
  private long values;
  private int count;
  private boolean refusalLogged;
  private int behind;
  private long nextWarningNanos;

  /**
   * Begins at the present time, that of the first row, in nanoseconds since 1970-01-01. The
   * warnings are told what is wrong, each kind at most once a minute.
   */
  Playback(
      Consumer<String> warnings,
      Settings settings,
      Recording recording,
      SignalTable table,
      long nowNanos) {
    this.warnings = warnings;
    this.settings = settings;
    this.recording = recording;
    this.table = table;
    signals = table.ports().size();
    startNanos = nowNanos;
    paceNanos = nowNanos;
    nextWarningNanos = nowNanos;
  }

  /**
   * Writes the next block if it is due at a time in nanoseconds since 1970-01-01.
   *
   * @return how long to wait until the next call, in nanoseconds, 0 for not at all; or {@link
   *     #ENDED}
   */
  long step(long nowNanos) throws IOException {
    if (count == 0 && !readBlock()) {
      return ENDED;
    }
    long dueNanos = paceNanos + offsetNanos();
    long lateNanos = nowNanos - dueNanos;
    if (lateNanos < 0) {
      return -lateNanos;
    }
    if (lateNanos > BEHIND_LIMIT_NANOS) {
      goOnFromNow(nowNanos, lateNanos);
    }
    write();
    return 0;
  }

  private boolean readBlock() throws IOException {
    boolean unpaced = settings.speed() == 0;
    long spanNanos = unpaced ? FOREVER_NANOS : (long) Math.max(1, BLOCK_NANOS * settings.speed());
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
        settings.speed() == 0
            ? values * NANOS_PER_SECOND / settings.valuesPerSecondLimit()
            : recording.elapsedNanos() / settings.speed();
    return (long) Math.min(nanos, (double) FOREVER_NANOS);
  }

  private void goOnFromNow(long nowNanos, long lateNanos) {
    paceNanos += lateNanos;
    if (settings.speed() == 1) {
      startNanos += lateNanos;
    }
    behind++;
    if (nowNanos - nextWarningNanos >= 0) {
      nextWarningNanos = nowNanos + TimeUnit.MINUTES.toNanos(1);
      warnings.accept(
          "fell behind by %s ms, goes on from now; %s times so far"
              .formatted(TimeUnit.NANOSECONDS.toMillis(lateNanos), behind));
    }
  }

  private void write() {
    WriteResult result = recording.write(table, startNanos);
    if (result == WriteResult.TOO_LARGE && !refusalLogged) {
      refusalLogged = true;
      warnings.accept("blocks of " + count + " rows are dropped, enlarge the server's ringBytes");
    }
    count = 0;
  }
}
