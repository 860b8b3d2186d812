/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.wav.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
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
    return files.begin(channel -> new WaveWriter(files, channel, layout, riffLimit));
  }

  @Override
  public RecordingRepair repair(Path any) throws IOException {
    return repair(any, RecordingProgress.NONE);
  }

  @Override
  public RecordingRepair repair(Path any, RecordingProgress progress) throws IOException {
    return WorkingFiles.repair(any, this, progress, this::mend);
  }

  /** Cuts the part behind what was synced, and completes it. */
  private long mend(WorkingFiles files, FileChannel channel) throws IOException {
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
    notes.put("daqstream.repaired", "true");
    WaveWriter.complete(
        channel, chunks.dataAt(), layout.frameBytes(), places.frames(), notes, riffLimit);
    return dataBytes - places.frames() * layout.frameBytes();
  }

  @Override
  public RecordingSummary describe(Path file) throws IOException {
    return describe(file, RecordingProgress.NONE);
  }

  @Override
  public RecordingSummary describe(Path file, RecordingProgress progress) throws IOException {
    try (WaveReader reader = new WaveReader(file, false)) {
      return RowSummary.of(reader, Files.size(file), reader.facts(), progress);
    }
  }

  @Override
  public RecordingReader open(Path file) throws IOException {
    return new WaveReader(file, false);
  }

  @Override
  public RecordingReader openToVerify(Path file) throws IOException {
    return new WaveReader(file, true);
  }
}
