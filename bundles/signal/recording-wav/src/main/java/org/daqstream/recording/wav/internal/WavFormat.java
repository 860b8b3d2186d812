/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.wav.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingRepair;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.recording.api.RecordingWriter;
import org.daqstream.recording.format.support.NotesFile;
import org.daqstream.recording.format.support.RecordingFacts;
import org.daqstream.recording.format.support.RowSummary;
import org.daqstream.recording.format.support.WorkingFiles;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** WAV, and RF64 where that is too small. */
@Component(property = RecordingFormat.RECORDING_FORMAT + "=wav")
public final class WavFormat implements RecordingFormat {
  private final long riffLimit;

  /** With RF64 from 4 GB on. */
  @Activate
  public WavFormat() {
    this(WaveLayout.UNKNOWN_SIZE - 1);
  }

  /** With RF64 for files that are larger. */
  WavFormat(long riffLimit) {
    this.riffLimit = riffLimit;
  }

  @Override
  public RecordingWriter create(Path file, RecordingPart part) throws IOException {
    WaveLayout layout = WaveLayout.of(part);
    WorkingFiles files = new WorkingFiles(file);
    files.checkFree();
    FileChannel channel = WorkingFiles.create(files.part());
    try {
      return new WaveWriter(files, channel, layout, riffLimit);
    } catch (IOException | RuntimeException e) {
      channel.close();
      Files.deleteIfExists(files.part());
      Files.deleteIfExists(files.wal());
      throw e;
    }
  }

  @Override
  public RecordingRepair repair(Path any) throws IOException {
    WorkingFiles files = WorkingFiles.of(any);
    if (Files.exists(files.part())) {
      if (Files.exists(files.file())) {
        throw new FileAlreadyExistsException(files.file().toString());
      }
      return mend(files);
    }
    if (!Files.exists(files.file())) {
      throw new NoSuchFileException(files.file().toString());
    }
    Files.deleteIfExists(files.wal());
    return new RecordingRepair(files.file(), false, describe(files.file()).rows(), 0);
  }

  /** Cuts the part behind what was synced, and completes it. */
  private RecordingRepair mend(WorkingFiles files) throws IOException {
    try (FileChannel channel =
        FileChannel.open(files.part(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (!WorkingFiles.lock(channel)) {
        throw new IOException(files.file() + " is being recorded");
      }
      if (!Files.exists(files.wal())) {
        throw new IOException(files.part() + " was just begun, nothing is in it");
      }
      Map<String, String> notes = NotesFile.read(files.wal());
      WaveChunks chunks = new WaveChunks(channel, true);
      RecordingPart part = RecordingFacts.part(chunks.facts(WaveLayout.OWN_CHUNK));
      WaveLayout layout = WaveLayout.of(part);
      FramePlaces places = new FramePlaces(layout.channels(), layout.deltaTicks());
      places.read(notes);
      long dataBytes = channel.size() - chunks.dataAt();
      places.cut(dataBytes / layout.frameBytes());
      places.note(notes);
      long kept = places.frames() * layout.frameBytes();
      notes.put("daqstream.repaired", "true");
      WaveWriter.complete(
          channel, chunks.dataAt(), layout.frameBytes(), places.frames(), notes, riffLimit);
      files.finish();
      long rows = describe(files.file()).rows();
      return new RecordingRepair(files.file(), true, rows, dataBytes - kept);
    }
  }

  @Override
  public RecordingSummary describe(Path file) throws IOException {
    try (WaveReader reader = new WaveReader(file)) {
      return RowSummary.of(reader, Files.size(file), reader.facts());
    }
  }

  @Override
  public RecordingReader open(Path file) throws IOException {
    return new WaveReader(file);
  }
}
