/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.IOException;
import java.nio.file.Path;
import org.daqstream.recording.api.RecordingFormat;

/** A kind of files that can be played. */
interface FileFormat {
  FileFormat WAV = (file, settings) -> new WavRecording(file);

  FileFormat CSV =
      (file, settings) ->
          new CsvRecording(
              file,
              settings.timeColumn(),
              settings.absoluteTime(),
              settings.rateHz(),
              settings.follow());

  /** Files that a service reads. */
  record Recorded(RecordingFormat service) implements FileFormat {
    @Override
    public Recording open(Path file, Settings settings) throws IOException {
      return PlayedTable.of(service, file, settings);
    }
  }

  /**
   * Opens a file and reads its beginning.
   *
   * @throws DamagedFileException when that cannot be understood
   */
  Recording open(Path file, Settings settings) throws IOException;
}
