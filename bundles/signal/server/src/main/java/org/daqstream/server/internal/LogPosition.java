/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

/** A place in the shared log, between two entries; belongs to one thread. */
final class LogPosition {
  Chunk chunk;
  long sequence;
  int index;

  void set(LogPosition other) {
    chunk = other.chunk;
    sequence = other.sequence;
    index = other.index;
  }

  boolean isBefore(LogPosition other) {
    return sequence < other.sequence || (sequence == other.sequence && index < other.index);
  }

  /** Whether an entry at the given place lies before this place. */
  boolean isBehind(long entrySequence, int entryIndex) {
    return entrySequence < sequence || (entrySequence == sequence && entryIndex < index);
  }
}
