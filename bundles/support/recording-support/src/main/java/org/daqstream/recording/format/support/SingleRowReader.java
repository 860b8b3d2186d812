/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.format.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RowBlock;

/** Reads files that have one row behind the other, as blocks. One thread. */
public abstract class SingleRowReader implements RecordingReader {
  private static final int BLOCK_ROWS = 1024;

  /**
   * A row of a file.
   *
   * @param samples a sample of each signal as on the wire, {@code null} where it is missing
   */
  public record Row(long row, long tick, List<ByteBuffer> samples) {}

  private final RecordingPart part;
  private final List<RecordingHole> holes;
  private final CollectedRows block;
  private Row waiting; // the first one of the next block

  /** At the beginning. */
  protected SingleRowReader(RecordingPart part, List<RecordingHole> holes) {
    this.part = part;
    this.holes = List.copyOf(holes);
    block = new CollectedRows(part.domain(), part.signals(), BLOCK_ROWS);
  }

  /** {@return the next row, {@code null} at the end} */
  protected abstract Row read() throws IOException;

  /** Goes back to the first row. */
  protected abstract void rewind() throws IOException;

  @Override
  public final RecordingPart part() {
    return part;
  }

  @Override
  public final List<RecordingHole> holes() {
    return holes;
  }

  @Override
  public final RowBlock next() throws IOException {
    block.clear();
    Row row = waiting == null ? read() : waiting;
    if (row == null) {
      return null;
    }
    while (row != null && block.add(row.row(), row.tick(), row.samples())) {
      row = read();
    }
    waiting = row;
    return block;
  }

  @Override
  public final void seek(long tick) throws IOException {
    rewind();
    Row row = read();
    while (row != null && row.tick() < tick) {
      row = read();
    }
    waiting = row;
  }
}
