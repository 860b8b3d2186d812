/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.util.concurrent.TimeUnit;
import org.daqstream.server.internal.log.Chunk;
import org.daqstream.server.internal.log.LogPosition;

/**
 * How far a client is behind the newest entry of the log.
 *
 * @param bytes of the log that lie between, whether it wants them or not
 * @param ms age of the oldest of them, from when its chunk was begun and the next one
 */
public record Lag(long bytes, long ms) {
  static final Lag NONE = new Lag(0, 0);

  static Lag of(LogPosition position, LogPosition head, int chunkBytes) {
    if (!position.isBefore(head)) {
      return NONE;
    }
    if (position.chunk.sequence != position.sequence) { // it was overtaken, its chunk tells nothing
      return new Lag((head.sequence - position.sequence) * chunkBytes, 0);
    }
    int offset = offset(position);
    long bytes = (head.sequence - position.sequence) * chunkBytes + offset(head) - offset;
    return new Lag(Math.max(0, bytes), TimeUnit.NANOSECONDS.toMillis(ageNanos(position, head)));
  }

  private static int offset(LogPosition position) {
    return position.index == 0 ? 0 : position.chunk.end(position.index - 1);
  }

  /** Entries of a chunk are taken to be spread evenly over the time in which it was filled. */
  private static long ageNanos(LogPosition position, LogPosition head) {
    Chunk chunk = position.chunk;
    Chunk next = chunk.next;
    long now = System.nanoTime();
    long filledNanos = (next == null ? now : next.openedNanos) - chunk.openedNanos;
    int entries = next == null ? head.index : chunk.entryCount();
    return now - chunk.openedNanos - filledNanos * position.index / Math.max(1, entries);
  }

  @Override
  public String toString() {
    return bytes + " bytes and " + ms + " ms";
  }
}
