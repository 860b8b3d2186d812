/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.daqstream.base.support.ProblemLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays the files of a folder as they come, change and go. A file is played once it has stayed the
 * same from one scan to the next, so one that is still being copied is left alone; one that changes
 * is stopped, and played from its beginning when it has settled. One of a format that is followed
 * is played at once, and goes on as long as it grows. For one thread at a time.
 */
final class WatchedFolder {
  static final int FILE_LIMIT = 100;

  private static final Logger LOG = LoggerFactory.getLogger(WatchedFolder.class);

  private final Path path;
  private final Function<Path, Optional<FileFormat>> formats;
  private final BiFunction<Path, FileFormat, PlayedFile> player;
  private final Predicate<FileFormat> isFollowed;
  private final ProblemLog problems;
  private final Map<Path, Watched> files = new HashMap<>();

  /** How a file is told from what it was at the last scan. */
  private record Stamp(long bytes, FileTime modified, Object key, boolean readable) {
    /** Perhaps with another content; who follows it sees that. */
    boolean isSameFileAs(Stamp other) {
      return Objects.equals(key, other.key) && readable == other.readable;
    }
  }

  /** A file, played or still to settle. */
  private record Watched(Stamp stamp, FileFormat format, PlayedFile played) {
    void stop() {
      if (played != null) {
        played.stop();
      }
    }
  }

  /** A folder, or one file, that need not exist yet, and what plays a file. */
  WatchedFolder(
      Path path,
      Function<Path, Optional<FileFormat>> formats,
      BiFunction<Path, FileFormat, PlayedFile> player,
      Predicate<FileFormat> isFollowed) {
    this(path, formats, player, isFollowed, what -> LOG.warn("{}: {}", path, what));
  }

  WatchedFolder(
      Path path,
      Function<Path, Optional<FileFormat>> formats,
      BiFunction<Path, FileFormat, PlayedFile> player,
      Predicate<FileFormat> isFollowed,
      Consumer<String> logger) {
    this.path = path;
    this.formats = formats;
    this.player = player;
    this.isFollowed = isFollowed;
    this.problems = new ProblemLog(logger);
  }

  void scan() {
    Map<Path, Stamp> found = find();
    Set<Path> gone = new HashSet<>(files.keySet());
    gone.removeAll(found.keySet());
    gone.forEach(file -> files.remove(file).stop());
    found.forEach(this::see);
  }

  private void see(Path file, Stamp stamp) {
    Watched before = files.get(file);
    FileFormat format = formats.apply(file).orElse(null);
    if (format == null) {
      return; // a service that has just gone; its files go with the next look
    }
    if (isFollowed.test(format)) {
      follow(file, format, stamp, before);
    } else if (before == null || !before.stamp.equals(stamp) || !before.format.equals(format)) {
      if (before != null) {
        before.stop();
      }
      files.put(file, new Watched(stamp, format, null));
    } else if (before.played == null) {
      files.put(file, new Watched(stamp, format, player.apply(file, format)));
    }
  }

  private void follow(Path file, FileFormat format, Stamp stamp, Watched before) {
    boolean goesOn =
        before != null
            && before.played != null
            && format.equals(before.format)
            && stamp.isSameFileAs(before.stamp)
            && (!before.played.isEnded() || stamp.equals(before.stamp));
    if (before != null && !goesOn) {
      before.stop();
    }
    files.put(
        file, new Watched(stamp, format, goesOn ? before.played : player.apply(file, format)));
  }

  private Map<Path, Stamp> find() {
    TreeMap<Path, Stamp> found = new TreeMap<>();
    String wrong = "";
    try (Stream<Path> candidates = Files.isDirectory(path) ? Files.list(path) : Stream.of(path)) {
      candidates
          .filter(file -> formats.apply(file).isPresent())
          .forEach(file -> stamp(file).ifPresent(stamp -> found.put(file, stamp)));
      wrong = found.isEmpty() && !Files.exists(path) ? "does not exist (yet)" : "";
    } catch (IOException | RuntimeException e) {
      wrong = "cannot be read: " + e;
    }
    while (found.size() > FILE_LIMIT) {
      wrong = "more than " + FILE_LIMIT + " files, the last by name are not played";
      found.pollLastEntry();
    }
    if (wrong.isEmpty()) {
      problems.clear();
    } else {
      problems.say(wrong);
    }
    return found;
  }

  private static Optional<Stamp> stamp(Path file) {
    try {
      BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
      return facts.isRegularFile()
          ? Optional.of(
              new Stamp(
                  facts.size(), facts.lastModifiedTime(), facts.fileKey(), Files.isReadable(file)))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // gone since it was listed
    }
  }

  void close() {
    files.values().forEach(Watched::stop);
    files.clear();
  }
}
