/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.parquet.internal.ParquetFormat;

/** Files of recordings. What reads and writes them is loaded when a command is about one. */
final class Recordings {
  private static final String ENDING = ".parquet";

  private Recordings() {}

  /** Whether a word is the name of a recording, or of what an interrupted one left. */
  static boolean isNameOfOne(String word) {
    String name = word.toLowerCase(Locale.ROOT);
    return name.endsWith(ENDING)
        || name.endsWith(ENDING + ".part")
        || name.endsWith(ENDING + ".wal");
  }

  static RecordingFormat format() {
    return new ParquetFormat();
  }

  /** A name with something before its ending. */
  static Path variant(Path file, String more) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return file.resolveSibling(name.substring(0, dot) + more + name.substring(dot));
  }

  /** Whether there is what an interrupted recording left. */
  static boolean isInterrupted(Path file) {
    return Files.exists(file.resolveSibling("_" + file.getFileName() + ".part"));
  }

  /** A failure that the user can do something about. */
  static CliException failure(Path file, IOException e) {
    String repair =
        "; 'daqstream repair " + file + "' makes a file of what an interrupted one left";
    String why = words(file, e);
    boolean helps = isInterrupted(file) && !why.contains("being recorded");
    return new CliException(Daqstream.FAILED, why + (helps ? repair : ""));
  }

  private static String words(Path file, IOException e) {
    return switch (e.getClass().getSimpleName()) {
      case "NoSuchFileException" -> "there is no " + e.getMessage();
      case "AccessDeniedException" -> "access to " + e.getMessage() + " is denied";
      case "FileAlreadyExistsException" -> e.getMessage() + " is there already";
      default -> {
        String why = String.valueOf(e.getMessage());
        yield why.contains(file.getFileName().toString()) ? why : file + ": " + why;
      }
    };
  }
}
