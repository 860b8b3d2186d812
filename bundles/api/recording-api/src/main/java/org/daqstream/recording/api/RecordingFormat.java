/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.api;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A service that writes recordings to files of one kind, and reads and mends them. May be
 * installed, updated and removed at any time: a recorder that used it finishes its files first. Its
 * methods may be called from any thread.
 */
@ConsumerType
public interface RecordingFormat {
  /**
   * Service property, {@code String+}: what the names of its files end with, without the dot, for
   * example {@code parquet}. A service without it is ignored.
   */
  String RECORDING_FORMAT = "recording.format";

  /**
   * Begins a file. Until it is {@linkplain RecordingWriter#finish finished} there is no file of
   * that name, but one or more working files beside it that other people's tools do not take for
   * one of theirs.
   *
   * @param file its name in the end
   * @param part what will be in it
   * @return takes its rows
   * @throws java.nio.file.FileAlreadyExistsException when there is such a file, or a working file
   *     of one, which wants {@link #repair}
   * @throws IOException when it cannot be written
   */
  RecordingWriter create(Path file, RecordingPart part) throws IOException;

  /**
   * Makes a file of what an interrupted recording left behind: everything that was {@linkplain
   * RecordingWriter#sync synced} is in it. Can itself be interrupted and done again.
   *
   * @param file the name that the file should have had in the end, or of a working file
   * @return what was done
   * @throws java.nio.file.NoSuchFileException when there is neither a file nor a working file
   * @throws IOException when it cannot be read or written; what was there is there still
   */
  RecordingRepair repair(Path file) throws IOException;

  /**
   * As {@link #repair(Path)}, for large files.
   *
   * @param file as there
   * @param progress is told how far it is
   * @return what was done
   * @throws IOException as there
   */
  default RecordingRepair repair(Path file, RecordingProgress progress) throws IOException {
    return repair(file);
  }

  /**
   * {@return what is in a finished file}
   *
   * @param file of this format, by whomever
   * @throws IOException when it cannot be read, or is not finished
   */
  RecordingSummary describe(Path file) throws IOException;

  /**
   * {@return what {@link #describe(Path)} says, for files that have to be gone through for that}
   *
   * @param file as there
   * @param progress is told how far it is
   * @throws IOException as there
   */
  default RecordingSummary describe(Path file, RecordingProgress progress) throws IOException {
    return describe(file);
  }

  /**
   * Opens a finished file to read its rows.
   *
   * @param file of this format; of others' files only what this one can read
   * @throws IOException when it cannot be read; says which file, what in it and why
   */
  RecordingReader open(Path file) throws IOException;

  /**
   * Opens a finished file to find out whether it is right: as {@link #open}, but also what the file
   * says twice is compared, and what it promises and has not is told.
   *
   * @param file as for {@link #open}
   * @return reads its rows; whatever is wrong is an exception of {@link RecordingReader#next}, at
   *     the end of the rows what is missing behind them
   * @throws IOException when it cannot be read
   */
  default RecordingReader openToVerify(Path file) throws IOException {
    return open(file);
  }
}
