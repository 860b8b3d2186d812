/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.simulator.internal;

import java.util.concurrent.TimeUnit;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes blocks to a table, each when its last sample is due. When it falls behind it catches up
 * block by block without a change to any value or time; when it is more than a second behind (the
 * machine slept) it leaves out what it missed, which clients see as a jump of time. Used by one
 * thread.
 */
final class Simulation {
  private static final Logger LOG = LoggerFactory.getLogger(Simulation.class);

  /** How far the samples may lie behind the clock before some are left out. */
  static final long BEHIND_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Settings settings;
  private final Timeline timeline;
  private final SignalTable table;
  private final Generator generator;
  private long position;
  private long stride;
  private long row;
  private boolean refusalLogged;

  /**
   * Begins at the present time, in nanoseconds since 1970-01-01, and with a row of a table that may
   * have been written to before.
   */
  Simulation(Settings settings, SignalTable table, long row, long nowNanos) {
    this.settings = settings;
    this.timeline = settings.timeline();
    this.table = table;
    this.row = row;
    generator = new Generator(settings);
    position = timeline.skipGap(timeline.positionAt(nowNanos));
  }

  long row() {
    return row;
  }

  /** Writes the next block if it is due; gives how many nanoseconds to wait until the next call. */
  long step(long nowNanos) {
    int count = nextCount();
    long dueNanos = dueNanos(count);
    if (nowNanos - dueNanos > BEHIND_LIMIT_NANOS) {
      skipTo(nowNanos);
      count = nextCount();
      dueNanos = dueNanos(count);
    }
    if (dueNanos > nowNanos) {
      return dueNanos - nowNanos;
    }
    write(count);
    return 0;
  }

  /** Samples of the next block: it ends where a gap begins or the rate changes. */
  private int nextCount() {
    long step = timeline.stride(position);
    long positions = timeline.segmentEnd(position) - position;
    return (int) Math.min(settings.blockSamples(), (positions + step - 1) / step);
  }

  private long dueNanos(int count) {
    return timeline.nanos(position + (count - 1) * timeline.stride(position));
  }

  private void skipTo(long nowNanos) {
    long from = position;
    position = timeline.skipGap(timeline.positionAt(nowNanos));
    LOG.warn(
        "simulator {}: fell behind by more than 1 s, leaves out {} ms",
        settings.prefix(),
        TimeUnit.NANOSECONDS.toMillis(timeline.nanos(position) - timeline.nanos(from)));
  }

  private void write(int count) {
    long step = timeline.stride(position);
    if (step != stride) {
      stride = step;
      announce(timeline.domain(settings.domainId(), step));
    }
    Object[] samples = generator.block(position, step, row, count);
    WriteResult result = table.write(timeline.tick(position), samples, 0, count);
    if (result == WriteResult.TOO_LARGE && !refusalLogged) {
      refusalLogged = true;
      LOG.error(
          "simulator {}: blocks of {} samples are dropped, set a smaller blockSamples",
          settings.prefix(),
          count);
    }
    row += count;
    long end = Math.min(position + count * step, timeline.segmentEnd(position));
    position = timeline.skipGap(end);
  }

  private void announce(SignalDescriptor domain) {
    if (!domain.equals(table.domain())) {
      table.updateDomain(domain);
    }
  }
}
