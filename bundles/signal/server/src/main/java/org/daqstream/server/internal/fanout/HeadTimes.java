/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.daqstream.server.internal.log.LogPosition;

/**
 * When the log's head was where, for the last seconds, so that the age of what lies at a place is
 * known. Belongs to the fan-out thread.
 */
final class HeadTimes {
  private static final int COUNT = 256;
  private static final long APART_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final long[] sequences = new long[COUNT];
  private final int[] indexes = new int[COUNT];
  private final long[] nanos = new long[COUNT];
  private int newest;

  /** The head is here when the log begins. */
  HeadTimes(LogPosition head, long nowNanos) {
    Arrays.fill(nanos, nowNanos);
    Arrays.fill(sequences, head.sequence);
    Arrays.fill(indexes, head.index);
  }

  /** The head is here now; to be called in every turn. */
  void note(LogPosition head, long nowNanos) {
    boolean isStill = sequences[newest] == head.sequence && indexes[newest] == head.index;
    if (!isStill && nanos[newest] - nanos[Math.floorMod(newest - 1, COUNT)] >= APART_NANOS) {
      newest = (newest + 1) % COUNT;
    }
    sequences[newest] = head.sequence;
    indexes[newest] = head.index;
    nanos[newest] = nowNanos;
  }

  /**
   * How old the first entry behind a place is at most, exact to 50 ms or a turn; of what is older
   * than all that is known, how long that is at least. 0 at the head.
   */
  long ageNanos(LogPosition place, LogPosition head, long nowNanos) {
    if (!place.isBefore(head)) {
      return 0;
    }
    long since = nowNanos;
    for (int back = 0; back < COUNT; back++) {
      int i = Math.floorMod(newest - back, COUNT);
      since = nanos[i];
      if (sequences[i] < place.sequence
          || (sequences[i] == place.sequence && indexes[i] <= place.index)) {
        break;
      }
    }
    return nowNanos - since;
  }
}
