/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The kinds of files that can be played, known by the end of their names. */
enum FileFormat {
  WAV,
  CSV;

  /**
   * Opens a file and reads its beginning.
   *
   * @throws DamagedFileException when that cannot be understood
   */
  Recording open(Path file, Settings settings) throws IOException {
    return switch (this) {
      case WAV -> new WavRecording(file);
      case CSV ->
          new CsvRecording(
              file,
              settings.timeColumn(),
              settings.absoluteTime(),
              settings.rowsPerSecond(),
              settings.follow());
    };
  }

  static Optional<FileFormat> of(Path file) {
    String name = file.getFileName().toString();
    if (!name.startsWith(".")) {
      for (FileFormat format : values()) {
        if (name.toUpperCase(Locale.ROOT).endsWith("." + format.name())) {
          return Optional.of(format);
        }
      }
    }
    return Optional.empty();
  }
}
