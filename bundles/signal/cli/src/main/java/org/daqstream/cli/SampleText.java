/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import org.daqstream.client.Gap;
import org.daqstream.client.SampleBlock;

/** A form in which samples are written, line by line. One thread. */
interface SampleText {
  /** Takes lines without their ends. */
  interface Lines {
    void line(CharSequence line) throws IOException;
  }

  /** What comes before all samples. */
  void begin() throws IOException;

  /** The first samples of a block; how many were taken. */
  int block(String signalId, SampleBlock block, int count) throws IOException;

  /** What is missing in front of the signal's next block. */
  void gap(String signalId, Gap gap) throws IOException;

  /** Nothing comes for now. */
  default void idle() throws IOException {}

  /** Only what completes lines that are begun is still wanted; whether there are such lines. */
  default boolean finish() {
    return false;
  }

  /** Nothing comes any more. */
  default void end() throws IOException {}

  /** A gap in words. */
  static String words(Gap gap) {
    String why = gap.reason().name().toLowerCase(java.util.Locale.ROOT);
    if (gap.rows() > 0) {
      return why + ", " + gap.rows() + " rows missing from row " + gap.fromRow();
    }
    return gap.fromRow() == gap.toRow()
        ? why + ", time jumps at row " + gap.toRow()
        : why + ", rows go on at " + gap.toRow() + " instead of " + gap.fromRow();
  }
}
