/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Neighbouring samples of a signal.
 *
 * @param row of the first one
 * @param count how many
 * @param tick domain value of the first one
 * @param delta distance in ticks on a linear domain
 * @param ticks domain value of each on an explicit domain, {@code null} on a linear one
 * @param samples as encoded, little endian
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SampleRun(long row, int count, long tick, long delta, long[] ticks, ByteBuffer samples) {
  long endRow() {
    return row + count;
  }

  long tickAt(int index) {
    return ticks == null ? tick + delta * index : ticks[index];
  }

  /** On a line where the next sample would be, else that of the last one. */
  long endTick() {
    return ticks == null ? tick + delta * count : ticks[count - 1];
  }

  /** Some of them; those that differ in length are alone in a run. */
  SampleRun part(int from, int to) {
    if (from == 0 && to == count) {
      return this;
    }
    int bytes = samples.remaining() / count;
    ByteBuffer some = samples.slice(samples.position() + from * bytes, (to - from) * bytes);
    return new SampleRun(
        row + from,
        to - from,
        tickAt(from),
        delta,
        ticks == null ? null : Arrays.copyOfRange(ticks, from, to),
        some.order(ByteOrder.LITTLE_ENDIAN));
  }

  /** One that outlasts the memory that the samples are in. */
  SampleRun copy() {
    ByteBuffer own = ByteBuffer.allocate(samples.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    own.put(samples.duplicate()).flip();
    return new SampleRun(row, count, tick, delta, ticks, own);
  }
}
