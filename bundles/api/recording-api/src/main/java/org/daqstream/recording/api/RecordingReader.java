/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.api;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Reads one file, from front to back or from any time on, in bounded memory. One thread at a time.
 */
@ConsumerType
public interface RecordingReader extends Closeable {
  /**
   * {@return what is in the file: as it was when it was written; of others' files what they tell,
   * with a domain without {@linkplain org.daqstream.signal.api.SignalDescriptor#resolution
   * resolution} where the length of a tick is not known}
   */
  RecordingPart part();

  /** {@return what is missing, as it was noted} */
  List<RecordingHole> holes();

  /**
   * {@return the next rows, some thousands at most, in the order of the file; {@code null} at its
   * end; gone with the next call}
   *
   * @throws IOException when they cannot be read; says which file, what in it and why. Nothing more
   *     can be read then
   */
  RowBlock next() throws IOException;

  /**
   * Goes to the first row in the file at a time or behind it; to the end when there is none.
   *
   * @param tick domain value
   * @throws IOException when the file cannot be read
   */
  void seek(long tick) throws IOException;

  /**
   * {@return how much of the file is before the next row, 0 to 1, for those who show how far they
   * are; negative when that is not known}
   */
  default double readRatio() {
    return -1;
  }

  @Override
  void close();
}
