/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.csv.internal.CsvFormat;
import org.daqstream.recording.format.support.WorkingFiles;
import org.daqstream.recording.parquet.internal.ParquetFormat;
import org.daqstream.recording.support.DomainClock;
import org.daqstream.recording.wav.internal.WavFormat;
import org.daqstream.signal.api.SignalDescriptor;

/** Files of recordings. What reads and writes them is loaded when a command is about one. */
final class Recordings {
  /** Those that are always there, by the endings of their files. */
  private static final Map<String, Supplier<RecordingFormat>> OWN =
      Map.of("csv", CsvFormat::new, "parquet", ParquetFormat::new, "wav", WavFormat::new);

  /** What may be the name of a file of a plug-in's format, and is no address. */
  private static final Pattern FILE_NAME = Pattern.compile("(?!.*://).*\\.\\p{L}[\\p{L}\\d_]*");

  private static final String PLUGINS = "deploy";

  private static Map<String, Supplier<RecordingFormat>> plugins; // null: nobody has asked

  private Recordings() {}

  /** Those of plug-ins of this distribution and its home. */
  private static synchronized Map<String, Supplier<RecordingFormat>> plugins() {
    if (plugins == null) {
      List<Path> folders =
          Stream.of("daqstream.home", "daqstream.dist")
              .map(System::getProperty)
              .filter(each -> each != null)
              .distinct()
              .map(each -> Path.of(each, PLUGINS))
              .toList();
      plugins = PluginFormats.of(folders, why -> System.err.println("daqstream: " + why));
    }
    return plugins;
  }

  /** Makes what writes and reads a file; {@code null} when its name is of no recording. */
  private static Supplier<RecordingFormat> maker(String word) {
    String name = word.toLowerCase(Locale.ROOT).replaceFirst("\\.(part|wal)$", "");
    String ending = name.substring(name.lastIndexOf('.') + 1);
    Supplier<RecordingFormat> own = ending.equals(name) ? null : OWN.get(ending);
    return own == null && FILE_NAME.matcher(name).matches() ? plugins().get(ending) : own;
  }

  /** Whether a word is the name of a recording, or of what an interrupted one left. */
  static boolean isNameOfOne(String word) {
    return maker(word) != null;
  }

  /** Whether a word is the name of a file that is there, and of no recording. */
  static boolean isOtherFile(String word) {
    return FILE_NAME.matcher(word).matches() && !isNameOfOne(word) && new File(word).isFile();
  }

  /** What names of recordings end with, for people. */
  static String endings() {
    return Stream.of(OWN, plugins())
        .flatMap(each -> each.keySet().stream())
        .distinct()
        .sorted()
        .map(each -> "." + each)
        .collect(Collectors.joining(", "));
  }

  /** What writes and reads a file whose name {@linkplain #isNameOfOne is one}. */
  static RecordingFormat format(Path file) {
    return maker(file.toString()).get();
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

  /** Says what of a file is left out, or is not there. */
  static void tellLacks(RecordingReader reader, StandardStreams streams) {
    Map<String, String> facts = reader.part().facts();
    if (facts.containsKey("notRead")) {
      streams.say("columns that hold lists are not read: " + facts.get("notRead"));
    }
    if (facts.containsKey("daqstream.cutOff")) {
      streams.say(facts.get("daqstream.cutOff"));
    }
  }

  /** A name with something before its ending. */
  static Path variant(Path file, String more) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return file.resolveSibling(name.substring(0, dot) + more + name.substring(dot));
  }

  /**
   * What there is of a recording that is not finished, and what to do about it; empty when there is
   * nothing.
   *
   * @param any its name, or that of a working file
   */
  static String unfinished(Path any) {
    WorkingFiles files = WorkingFiles.of(any);
    if (!Files.exists(files.part())) {
      return "";
    }
    String name = files.file() + " is ";
    return isWritten(files.part())
        ? name + "being recorded; it can be read when it is finished"
        : name
            + "unfinished, and nobody writes it any more; 'daqstream repair %s' makes a file of %s, or delete that"
                .formatted(files.file(), files.part());
  }

  private static boolean isWritten(Path part) {
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      return !WorkingFiles.lock(channel);
    } catch (IOException e) {
      return false; // then it is not known
    }
  }

  /** Why a file cannot be made, and what to do about it. */
  static CliException existing(Path there) {
    String unfinished = unfinished(there);
    return new CliException(
        Daqstream.FAILED,
        unfinished.isEmpty()
            ? there + " is there already; --overwrite would replace it"
            : unfinished);
  }

  /** A failure to read or write a recording, with what the user can do about it. */
  static CliException failure(Path file, IOException e) {
    boolean isFinished = Files.exists(WorkingFiles.of(file).file());
    String unfinished = isFinished ? "" : unfinished(file);
    boolean isAll = e instanceof NoSuchFileException || !WorkingFiles.of(file).file().equals(file);
    return new CliException(
        Daqstream.FAILED,
        unfinished.isEmpty()
            ? words(file, e)
            : isAll ? unfinished : words(file, e) + "; " + unfinished);
  }

  /** Why something failed. */
  static String words(Path file, IOException e) {
    Path folder = file.toAbsolutePath().getParent();
    if (e instanceof NoSuchFileException && !Files.isDirectory(folder)) {
      return file + ": there is no folder " + folder;
    }
    return switch (e.getClass().getSimpleName()) {
      case "NoSuchFileException" -> "there is no " + e.getMessage();
      case "AccessDeniedException" -> "access to " + e.getMessage() + " is denied";
      case "ClosedByInterruptException" -> "interrupted";
      case "FileAlreadyExistsException" -> e.getMessage() + " is there already";
      default -> {
        String why = String.valueOf(e.getMessage());
        yield why.contains(file.getFileName().toString()) ? why : file + ": " + why;
      }
    };
  }
}
