/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.csv.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingProgress;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingRepair;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.recording.api.RecordingWriter;
import org.daqstream.recording.format.support.NotesFile;
import org.daqstream.recording.format.support.RecordingFacts;
import org.daqstream.recording.format.support.RowSummary;
import org.daqstream.recording.format.support.WorkingFiles;
import org.osgi.service.component.annotations.Component;

/** CSV, with the descriptions in {@code NAME.csv.json}. */
@Component(property = RecordingFormat.RECORDING_FORMAT + "=csv")
public final class CsvFormat implements RecordingFormat {
  /** Where the descriptions are. */
  static Path notes(Path file) {
    return file.resolveSibling(file.getFileName() + ".json");
  }

  @Override
  public RecordingWriter create(Path file, RecordingPart part) throws IOException {
    CsvTableLayout layout = CsvTableLayout.of(part);
    WorkingFiles files = new WorkingFiles(file);
    return files.begin(channel -> new CsvRowWriter(files, channel, layout, part));
  }

  @Override
  public RecordingRepair repair(Path any) throws IOException {
    return repair(any, RecordingProgress.NONE);
  }

  @Override
  public RecordingRepair repair(Path any, RecordingProgress progress) throws IOException {
    return WorkingFiles.repair(any, this, progress, new Mending(progress));
  }

  /** Cuts a part behind its last whole line. */
  private static final class Mending implements WorkingFiles.Mending {
    private final RecordingProgress progress;
    private long rows;

    Mending(RecordingProgress progress) {
      this.progress = progress;
    }

    @Override
    public long mend(WorkingFiles files, FileChannel channel) throws IOException {
      if (!Files.exists(files.wal())) {
        throw new IOException(files.part() + " was just begun, nothing is in it");
      }
      Map<String, String> facts = NotesFile.read(files.wal());
      facts.put("daqstream.repaired", "true");
      long end;
      try (CsvRowReader reader = new CsvRowReader(files.part(), facts, false)) {
        end = reader.wholeLines(progress);
        rows = reader.rows();
      }
      facts.put(CsvRowReader.ROWS, Long.toString(rows));
      long dropped = channel.size() - end;
      channel.truncate(end);
      channel.force(true);
      facts.putIfAbsent(RecordingFacts.HOLES, "[]");
      NotesFile.write(notes(files.file()), facts);
      return dropped;
    }

    @Override
    public long rows() {
      return rows;
    }
  }

  private static Map<String, String> facts(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.exists(notes(file))) {
      throw new IOException(
          file
              + ": there is no "
              + notes(file).getFileName()
              + " that describes it; only recordings are read, which have one");
    }
    return NotesFile.read(notes(file));
  }

  @Override
  public RecordingSummary describe(Path file) throws IOException {
    return describe(file, RecordingProgress.NONE);
  }

  @Override
  public RecordingSummary describe(Path file, RecordingProgress progress) throws IOException {
    Map<String, String> facts = facts(file);
    try (RecordingReader reader = new CsvRowReader(file, facts, false)) {
      return RowSummary.of(reader, Files.size(file), facts, progress);
    }
  }

  @Override
  public RecordingReader open(Path file) throws IOException {
    return new CsvRowReader(file, facts(file), false);
  }

  @Override
  public RecordingReader openToVerify(Path file) throws IOException {
    return new CsvRowReader(file, facts(file), true);
  }
}
