/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.example.rows;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingRepair;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.recording.api.RecordingWriter;
import org.daqstream.recording.format.support.RowSummary;
import org.daqstream.recording.format.support.WorkingFiles;
import org.osgi.service.component.annotations.Component;

/** Files named {@code *.rows}: {@link Records}, of facts and of rows. */
@Component(property = RecordingFormat.RECORDING_FORMAT + "=rows")
public final class RowsFormat implements RecordingFormat {
  @Override
  public RecordingWriter create(Path file, RecordingPart part) throws IOException {
    WorkingFiles files = new WorkingFiles(file);
    return files.begin(channel -> new RowsWriter(files, channel, part));
  }

  @Override
  public RecordingRepair repair(Path any) throws IOException {
    return WorkingFiles.repair(any, this, RowsFormat::mend);
  }

  /** Keeps the records that are whole. */
  private static long mend(WorkingFiles files, FileChannel part) throws IOException {
    try (Records records = new Records(files.part())) {
      records.facts();
      long dropped = part.size() - records.end();
      part.truncate(records.end());
      return dropped;
    }
  }

  @Override
  public RecordingSummary describe(Path file) throws IOException {
    try (RowsReader reader = RowsReader.open(file)) {
      return RowSummary.of(reader, Files.size(file), reader.facts());
    }
  }

  @Override
  public RecordingReader open(Path file) throws IOException {
    return RowsReader.open(file);
  }
}
