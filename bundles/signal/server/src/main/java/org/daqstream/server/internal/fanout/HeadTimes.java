/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import org.daqstream.server.internal.log.LogPosition;

/**
 * When the log's head was where, for the last seconds, so that the age of what lies at a place is
 * known. Belongs to the fan-out thread.
 */
final class HeadTimes {
  private static final int COUNT = 256;

  private final long[] sequences = new long[COUNT];
  private final int[] indexes = new int[COUNT];
  private final long[] nanos = new long[COUNT];
  private int next;
  private int count;

  /** To be called several times a second: the head is here now. */
  void note(LogPosition head, long nowNanos) {
    int newest = Math.floorMod(next - 1, COUNT);
    if (count > 0 && sequences[newest] == head.sequence && indexes[newest] == head.index) {
      nanos[newest] = nowNanos;
      return;
    }
    sequences[next] = head.sequence;
    indexes[next] = head.index;
    nanos[next] = nowNanos;
    next = (next + 1) % COUNT;
    count = Math.min(count + 1, COUNT);
  }

  /**
   * How old the first entry behind a place is at most, exact to the time between two notes; of what
   * is older than all notes, how long that is at least. 0 at the head.
   */
  long ageNanos(LogPosition place, LogPosition head, long nowNanos) {
    if (!place.isBefore(head)) {
      return 0;
    }
    long since = nowNanos;
    for (int back = 1; back <= count; back++) {
      int i = Math.floorMod(next - back, COUNT);
      since = nanos[i];
      if (sequences[i] < place.sequence
          || (sequences[i] == place.sequence && indexes[i] <= place.index)) {
        break;
      }
    }
    return nowNanos - since;
  }
}
