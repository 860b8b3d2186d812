/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.daqstream.base.support.ForeignText;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RowBlock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recordings of a folder as a whole: the files of each table are played one behind the other,
 * in the order of their beginnings. Files that come later are played when it is their turn. {@link
 * #scan} and {@link #close} are for one thread at a time.
 */
final class WatchedTables {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedTables.class);

  /** Files that belong together. */
  private record TableName(RecordingFormat format, String domainId) {}

  /** A file at a look. */
  private record Stamp(long bytes, long modifiedMs) {}

  /** Where a file belongs; no table: it cannot be read. */
  private record Member(Stamp stamp, Optional<TableName> table, long firstTick) {}

  /** Where a file stands among those of its table. */
  private record Place(long firstTick, Path file) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int byTick = Long.compare(firstTick, other.firstTick);
      return byTick == 0 ? file.compareTo(other.file) : byTick;
    }
  }

  private final Path folder;
  private final FileFormats formats;
  private final BiFunction<RecordingFormat, PlayedTable.Order, PlayedFile> player;
  private final ProblemLog problems;
  private final Map<Path, Stamp> settling = new HashMap<>();
  private final Map<TableName, PlayedFile> played = new HashMap<>();

  /** Under the lock of this object, which the threads that play take as well. */
  private final Map<Path, Member> members = new HashMap<>();

  WatchedTables(
      Path folder,
      FileFormats formats,
      BiFunction<RecordingFormat, PlayedTable.Order, PlayedFile> player) {
    this.folder = folder;
    this.formats = formats;
    this.player = player;
    problems = new ProblemLog(what -> LOG.warn("{}: {}", folder, what));
  }

  void scan() {
    Map<Path, Stamp> found = find();
    forget(found.keySet());
    found.forEach(this::see);
    Set<TableName> tables = tables();
    for (TableName each : tables) {
      played.computeIfAbsent(each, table -> player.apply(table.format(), new FilesOfTable(table)));
    }
    Set<TableName> gone = new HashSet<>(played.keySet());
    gone.removeAll(tables);
    gone.forEach(each -> played.remove(each).stop());
  }

  private Map<Path, Stamp> find() {
    Map<Path, Stamp> found = new HashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path each : (Iterable<Path>) files::iterator) {
        if (formats.recordedOf(each).isPresent() && Files.isReadable(each)) {
          stamp(each).ifPresent(stamp -> found.put(each, stamp));
        }
      }
      problems.clear();
    } catch (IOException e) {
      problems.say("cannot be read: " + e);
    }
    return found;
  }

  private static Optional<Stamp> stamp(Path file) {
    try {
      return Optional.of(new Stamp(Files.size(file), Files.getLastModifiedTime(file).toMillis()));
    } catch (IOException e) {
      return Optional.empty(); // gone since it was listed
    }
  }

  private synchronized void forget(Set<Path> found) {
    members.keySet().retainAll(found);
    settling.keySet().retainAll(found);
  }

  /** Takes a file that was the same in two looks, once. */
  private void see(Path file, Stamp stamp) {
    boolean isSettled = stamp.equals(settling.put(file, stamp));
    if (!isSettled || isKnown(file, stamp)) {
      return;
    }
    Member member = member(file, stamp);
    synchronized (this) {
      members.put(file, member);
    }
  }

  private synchronized boolean isKnown(Path file, Stamp stamp) {
    Member known = members.get(file);
    return known != null && known.stamp().equals(stamp);
  }

  private Member member(Path file, Stamp stamp) {
    Optional<FileFormat> format = formats.recordedOf(file);
    if (format.isPresent() && format.get() instanceof FileFormat.Recorded recorded) {
      try (RecordingReader reader = recorded.service().open(file)) {
        TableName table = new TableName(recorded.service(), reader.part().domain().signalId());
        RowBlock first = reader.next();
        if (first != null) {
          return new Member(stamp, Optional.of(table), first.tick(0));
        }
        LOG.info("{}: there is no row in it", ForeignText.plain(file.toString()));
      } catch (IOException | RuntimeException e) {
        LOG.error("{}: is left out: {}", ForeignText.plain(file.toString()), e.toString());
      }
    }
    return new Member(stamp, Optional.empty(), 0);
  }

  private synchronized Set<TableName> tables() {
    Set<TableName> tables = new HashSet<>();
    members.values().forEach(each -> each.table().ifPresent(tables::add));
    return tables;
  }

  private synchronized List<Place> filesOf(TableName table) {
    List<Place> places = new ArrayList<>();
    members.forEach(
        (file, member) -> {
          if (member.table().equals(Optional.of(table))) {
            places.add(new Place(member.firstTick(), file));
          }
        });
    places.sort(null);
    return places;
  }

  void close() {
    played.values().forEach(PlayedFile::stop);
    played.clear();
  }

  /** The files of a table as they are now. */
  private final class FilesOfTable implements PlayedTable.Order {
    private final TableName table;

    FilesOfTable(TableName table) {
      this.table = table;
    }

    /** Of the file that was given last, which may be gone by now. */
    private Place last;

    @Override
    public Path first() {
      List<Place> files = filesOf(table);
      last = files.isEmpty() ? last : files.get(0);
      return files.isEmpty() ? null : last.file();
    }

    @Override
    public Path after(Path file) {
      for (Place each : filesOf(table)) {
        if (each.compareTo(last) > 0) {
          last = each;
          return each.file();
        }
      }
      return null;
    }
  }
}
