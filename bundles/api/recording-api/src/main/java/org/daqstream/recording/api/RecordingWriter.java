/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.api;

import java.io.Closeable;
import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Writes one file. One thread at a time; it may wait for the disk. Behind an exception of any
 * method but {@link #hole} nothing more can be written: it is to be closed, and the file repaired.
 */
@ConsumerType
public interface RecordingWriter extends Closeable {
  /**
   * Takes rows. Their numbers grow from call to call, except for samples that came so late that
   * others of their row were written without them: these are rows of their own.
   *
   * @param rows is copied
   * @throws IOException when the disk is full, say
   */
  void write(RowBlock rows) throws IOException;

  /**
   * Notes that something is missing.
   *
   * @param hole what, and why
   */
  void hole(RecordingHole hole);

  /**
   * Makes what was taken so far outlast the end of the process and of the machine; to be called
   * once a second, so that no more than that is ever lost.
   *
   * @throws IOException when it could not; what the last call covered is safe all the same
   */
  void sync() throws IOException;

  /**
   * Completes the file and gives it its name.
   *
   * @throws IOException when it could not; what was synced is in the working file
   */
  void finish() throws IOException;

  /**
   * {@return how many bytes the file has by now, about; without what goes when it is finished, such
   * as a second copy of rows that are not in their place yet}
   */
  long bytes();

  /**
   * Releases the file. Unless it was {@linkplain #finish finished}, what is on the disk is left for
   * {@link RecordingFormat#repair}.
   */
  @Override
  void close();
}
