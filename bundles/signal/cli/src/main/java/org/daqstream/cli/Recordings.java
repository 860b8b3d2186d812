/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.csv.internal.CsvFormat;
import org.daqstream.recording.parquet.internal.ParquetFormat;
import org.daqstream.recording.support.DomainClock;
import org.daqstream.recording.wav.internal.WavFormat;
import org.daqstream.signal.api.SignalDescriptor;

/** Files of recordings. What reads and writes them is loaded when a command is about one. */
final class Recordings {
  /** Those that there are, by the endings of their files. */
  private static final Map<String, Supplier<RecordingFormat>> FORMATS = new TreeMap<>();

  static {
    FORMATS.put("csv", CsvFormat::new);
    FORMATS.put("parquet", ParquetFormat::new);
    FORMATS.put("wav", WavFormat::new);
  }

  private Recordings() {}

  /** The ending of a recording, {@code null} of something else. */
  private static String endingOf(String word) {
    String name = word.toLowerCase(Locale.ROOT).replaceFirst("\\.(part|wal)$", "");
    return FORMATS.keySet().stream()
        .filter(each -> name.endsWith("." + each))
        .findFirst()
        .orElse(null);
  }

  /** Whether a word is the name of a recording, or of what an interrupted one left. */
  static boolean isNameOfOne(String word) {
    return endingOf(word) != null;
  }

  /** What names of recordings end with, for people. */
  static String endings() {
    return FORMATS.keySet().stream().map(each -> "." + each).collect(Collectors.joining(", "));
  }

  /** What writes and reads a file whose name {@linkplain #isNameOfOne is one}. */
  static RecordingFormat format(Path file) {
    return FORMATS.get(endingOf(file.toString())).get();
  }

  /**
   * The first tick at a time or behind it.
   *
   * @param text a date with a time, or a tick
   * @throws IllegalArgumentException when it is neither, or the domain is no time
   */
  static long tick(SignalDescriptor domain, String text) {
    if (text.matches("[+-]?\\d{1,19}")) {
      return Long.parseLong(text);
    }
    DomainClock clock = DomainClock.of(domain);
    if (clock == null) {
      throw new IllegalArgumentException(
          "'" + domain.signalId() + "' has no dates; '" + text + "' must be a tick");
    }
    try {
      boolean hasZone = text.matches(".*([Zz]|[+-]\\d\\d:\\d\\d)");
      return clock.tickAt(OffsetDateTime.parse(hasZone ? text : text + "Z").toInstant());
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no time like 2026-11-30T08:00:00Z, and no tick", e);
    }
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
