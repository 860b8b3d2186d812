/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

/** A place in the shared log, between two entries; belongs to one thread. */
public final class LogPosition {
  public Chunk chunk;
  public long sequence;
  public int index;

  public void set(LogPosition other) {
    chunk = other.chunk;
    sequence = other.sequence;
    index = other.index;
  }

  public boolean isBefore(LogPosition other) {
    return sequence < other.sequence || (sequence == other.sequence && index < other.index);
  }

  /** Whether an entry at the given place lies before this place. */
  boolean isBehind(long entrySequence, int entryIndex) {
    return entrySequence < sequence || (entrySequence == sequence && entryIndex < index);
  }
}
