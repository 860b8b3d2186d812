/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.daqstream.player.api.SeekTarget;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;

/**
 * An open file that is read block by block, for one thread. Times are nanoseconds since the first
 * row of the file; they go on when the file is read again.
 */
interface Recording extends Closeable {
  /** How many numbers a block holds at most, of all signals together. */
  int BLOCK_LIMIT_VALUES = 16_384;

  /** What the id of a domain ends with that has no name. */
  String TIME = "time";

  /** How many signals a file may have. */
  int SIGNAL_LIMIT = 1000;

  /** One line on what is played and what is not, and by which times. */
  String about();

  /** Whether all that the file holds, or says it holds, is played by times of its own. */
  boolean isWhole();

  /** Whether rows may come behind the last one: then {@link #read} gives 0 until they are there. */
  default boolean isGrowing() {
    return false;
  }

  /** Says of a growing recording which row was left out, and why; null if none since last time. */
  default String takeProblem() {
    return null;
  }

  /** The domain, its id beginning with {@code idPrefix}. */
  SignalDescriptor domain(String idPrefix);

  /** The value signals in the order of the file, their ids beginning with {@code idPrefix}. */
  List<SignalDescriptor> signals(String idPrefix);

  /**
   * Reads the next block, which ends before the first row that is later by so much than its first
   * one; gives the number of rows, 0 at the end of the file, which may not be understood from here
   * on.
   */
  int read(long spanNanos) throws IOException;

  /** Time of the last row of the block. */
  long elapsedNanos();

  /**
   * Writes the block to a table of {@link #domain} with ports for {@link #signals} in their order;
   * {@code startNanos} is where time 0 lies, since 1970-01-01.
   */
  WriteResult write(SignalTable table, long startNanos);

  /** Whether {@link #seek} can be done. */
  default boolean canSeek() {
    return false;
  }

  /**
   * Goes on from another place; a block that was read and not written is forgotten.
   *
   * @throws IllegalArgumentException when there is no such place
   * @throws IOException when it cannot be read; then it is where it was
   */
  default void seek(SeekTarget target) throws IOException {
    throw new IllegalArgumentException("is no recording, and stays where it is");
  }

  /** Where it is: the row that was written last or, elsewhere, is the next; null: not known. */
  default PlayedSpot spot() {
    return null;
  }

  /** Goes back to the first row, whose time becomes the one that would follow the last row. */
  void rewind() throws IOException;
}
