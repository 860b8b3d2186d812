/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.io.IOException;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingWriter;
import org.daqstream.recording.api.RowBlock;

/** A writer whose end somebody wants to know. */
record ToldWriter(RecordingWriter writer, Ended finished, Runnable closed)
    implements RecordingWriter {
  /** Told when the file is complete. */
  interface Ended {
    void run() throws IOException;
  }

  @Override
  public void write(RowBlock rows) throws IOException {
    writer.write(rows);
  }

  @Override
  public void hole(RecordingHole hole) {
    writer.hole(hole);
  }

  @Override
  public void sync() throws IOException {
    writer.sync();
  }

  @Override
  public void finish() throws IOException {
    writer.finish();
    finished.run();
  }

  @Override
  public long bytes() {
    return writer.bytes();
  }

  @Override
  public void close() {
    writer.close();
    closed.run();
  }
}
