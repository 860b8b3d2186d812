/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.simulator.internal;

import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * Where samples stand in time. A <em>position</em> counts periods of the full rate since
 * 1970-01-01, so it says the exact time for every rate. Gaps and changes of the rate happen at
 * fixed times: their distances are counted from 1970-01-01 too.
 *
 * @param rateHz full rate
 * @param gapEverySeconds distance of gaps, 0 for none
 * @param gapPositions length of a gap
 * @param rateChangeEverySeconds how long the full rate and then half of it hold, 0 for no change
 */
record Timeline(long rateHz, long gapEverySeconds, long gapPositions, long rateChangeEverySeconds) {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /**
   * Ticks of the domain in one second: nanoseconds, or periods if a period is not a whole number of
   * nanoseconds.
   */
  private long ticksPerSecond() {
    return NANOS_PER_SECOND % rateHz == 0 ? NANOS_PER_SECOND : rateHz;
  }

  private long ticksPerPosition() {
    return ticksPerSecond() / rateHz;
  }

  long tick(long position) {
    return position * ticksPerPosition();
  }

  /** The domain signal while samples are {@code stride} positions apart. */
  SignalDescriptor domain(String signalId, long stride) {
    return SignalDescriptor.linearTime(signalId, 1).toBuilder()
        .resolution(new Resolution(1, ticksPerSecond()))
        .rule(new Rule.Linear(stride * ticksPerPosition()))
        .build();
  }

  /** The first position at or after a time in nanoseconds since 1970-01-01. */
  long positionAt(long nanos) {
    long rest = Math.floorMod(nanos, NANOS_PER_SECOND) * rateHz;
    return Math.floorDiv(nanos, NANOS_PER_SECOND) * rateHz
        + Math.floorDiv(rest + NANOS_PER_SECOND - 1, NANOS_PER_SECOND);
  }

  /** The time of a position in nanoseconds since 1970-01-01, rounded down. */
  long nanos(long position) {
    return position / rateHz * NANOS_PER_SECOND + position % rateHz * NANOS_PER_SECOND / rateHz;
  }

  /** The position itself, or the end of the gap that it lies in. */
  long skipGap(long position) {
    if (gapEverySeconds == 0) {
      return position;
    }
    long intoInterval = position % (gapEverySeconds * rateHz);
    return intoInterval < gapPositions ? position - intoInterval + gapPositions : position;
  }

  /** Distance of samples at a position: 1 at the full rate, 2 at half of it. */
  long stride(long position) {
    return rateChangeEverySeconds == 0 ? 1 : 1 + position / (rateChangeEverySeconds * rateHz) % 2;
  }

  /** The first position after this one where a gap begins or the rate changes. */
  long segmentEnd(long position) {
    return Math.min(
        boundary(position, gapEverySeconds), boundary(position, rateChangeEverySeconds));
  }

  private long boundary(long position, long everySeconds) {
    long every = everySeconds * rateHz;
    return every == 0 ? Long.MAX_VALUE : (position / every + 1) * every;
  }
}
