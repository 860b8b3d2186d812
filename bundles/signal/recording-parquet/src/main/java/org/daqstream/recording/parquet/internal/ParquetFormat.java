/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import java.nio.file.Path;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingProgress;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingRepair;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.recording.api.RecordingWriter;
import org.daqstream.recording.format.support.WorkingFiles;
import org.osgi.service.component.annotations.Component;

/** Apache Parquet. */
@Component(property = RecordingFormat.RECORDING_FORMAT + "=parquet")
public final class ParquetFormat implements RecordingFormat {
  private final GroupBudget budget = new GroupBudget();

  @Override
  public RecordingWriter create(Path file, RecordingPart part) throws IOException {
    WorkingFiles files = new WorkingFiles(file);
    try {
      return files.begin(channel -> new ParquetWriter(files, channel, part, budget));
    } catch (LinkageError e) {
      String system = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
      throw new IOException("zstd has no library for " + system + ": " + e.getMessage(), e);
    }
  }

  @Override
  public RecordingRepair repair(Path any) throws IOException {
    return repair(any, RecordingProgress.NONE);
  }

  @Override
  public RecordingRepair repair(Path any, RecordingProgress progress) throws IOException {
    return WorkingFiles.repair(
        any, this, progress, (files, channel) -> ParquetRepair.mend(files, channel, progress));
  }

  @Override
  public RecordingSummary describe(Path file) throws IOException {
    try {
      return ParquetSummary.of(file);
    } catch (RuntimeException e) {
      throw new IOException(file + " has a footer that cannot be understood: " + e, e);
    }
  }

  @Override
  public RecordingReader open(Path file) throws IOException {
    return new ParquetReader(file, false);
  }

  @Override
  public RecordingReader openToVerify(Path file) throws IOException {
    return new ParquetReader(file, true);
  }
}
