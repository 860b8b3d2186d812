/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.recorder.api.RecorderStatus.RecordedFile;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingRepair;
import org.daqstream.recording.api.RecordingWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a recorder: begins its files, mends what was interrupted, lets the oldest go. For
 * the thread of the loop.
 */
final class RecordingFolder implements TableFiles.Maker, AutoCloseable {
  /**
   * A file that is written.
   *
   * @param file where it is in the end
   * @param working where it is until then, {@code null} for a format that does otherwise
   */
  private record Open(TableFiles table, RecordingWriter writer, Path file, Path working) {
    static Open of(TableFiles table, RecordingWriter writer, Path file) {
      Path working = file.resolveSibling("_" + file.getFileName() + ".part");
      return new Open(table, writer, file, Files.exists(working) ? working : null);
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(RecordingFolder.class);
  private static final int LINES_PER_MINUTE = 10;

  /** So many looks, of a second each, until what was not mended is tried again. */
  private static final int MEND_LOOKS = 30;

  private static final int MEND_LOOKS_LIMIT = 3_600;

  /** How many names are tried when files of others have them. */
  private static final int NAMES = 100;

  private final String recorder;
  private final Settings settings;
  private final Clock clock;
  private final ToLongFunction<Path> freeBytes;
  private final LimitedLog holes = new LimitedLog(LOG::warn, LINES_PER_MINUTE);
  private final Map<String, Open> open = new HashMap<>();
  private final Housekeeper housekeeper;
  private OwnFiles files; // null until the folder could be used
  private RecordingFormat format; // null for none
  private boolean isMended;
  private int unmended; // how many files could not be
  private int looks; // since that was tried
  private int mendLooks = MEND_LOOKS;
  private Map<String, String> facts = Map.of();
  private long samples;
  private long holeCount;
  private long finishedBytes;

  RecordingFolder(String recorder, Settings settings, Clock clock, ToLongFunction<Path> freeBytes) {
    this.recorder = recorder;
    this.settings = settings;
    this.clock = clock;
    this.freeBytes = freeBytes;
    housekeeper = new Housekeeper(recorder, settings, clock, this::freeBytes);
  }

  RecordingFormat format() {
    return format;
  }

  void setFormat(RecordingFormat newFormat) {
    format = newFormat;
    isMended = false;
  }

  /** A recording begins. */
  void beginRecording() {
    facts =
        Map.of(
            "daqstream.recorder", recorder, "daqstream.recorder.start", clock.instant().toString());
  }

  /**
   * Makes sure that files can be begun: there is a folder, and what was interrupted is mended.
   *
   * @throws IOException when the folder cannot be used
   */
  void makeReady() throws IOException {
    if (files == null) {
      files = new OwnFiles(settings.folder(), recorder);
    }
    mend();
  }

  /** Mends what is not complete and that nobody writes, if there was no try before. */
  void mend() throws IOException {
    if (isMended || format == null) {
      return;
    }
    isMended = true;
    unmended = 0;
    for (RecordedFile each : files.all()) {
      boolean isOfFormat = each.name().endsWith("." + settings.format());
      if (!each.isFinished() && isOfFormat && !open.containsKey(each.name())) {
        unmended += mend(each.name()) ? 0 : 1;
      }
    }
  }

  /** What could not be mended, on a full disk say, is tried again, less and less often. */
  private void mendAgain() {
    looks++;
    if (unmended > 0 && looks >= mendLooks) {
      looks = 0;
      mendLooks = Math.min(2 * mendLooks, MEND_LOOKS_LIMIT);
      isMended = false;
    }
  }

  private boolean mend(String name) throws IOException {
    try {
      RecordingRepair repair = format.repair(files.path(name));
      files.finished(name);
      if (repair.wasBroken()) {
        LOG.info(
            "recorder {}: mended {}, which was interrupted: {} rows, {} bytes at its end were of no"
                + " use",
            recorder,
            name,
            repair.rows(),
            repair.droppedBytes());
      }
      return true;
    } catch (NoSuchFileException e) {
      files.forget(name);
      return true;
    } catch (IOException | RuntimeException e) {
      holes.say(
          () ->
              "recorder %s: %s was interrupted and is not mended: %s"
                  .formatted(recorder, name, words(e)));
      return false;
    }
  }

  /** What an exception says, with its kind where that says more. */
  static String words(Throwable e) {
    String message = e.getMessage();
    return e instanceof IOException && message != null && message.indexOf(' ') > 0
        ? message
        : e.toString();
  }

  @Override
  public RecordingWriter begin(TableFiles table, RecordingPart part) throws IOException {
    for (int i = 0; i < NAMES; i++) {
      int number = table.nextPart();
      String name =
          FileNames.of(recorder, table.tableId(), clock.instant(), number, settings.format());
      if (open.containsKey(name) || Files.exists(files.path(name))) {
        continue; // ids of two tables may give one name
      }
      files.begun(name);
      try {
        RecordingWriter writer = format.create(files.path(name), numbered(part, number));
        open.put(name, Open.of(table, writer, files.path(name)));
        return new ToldWriter(writer, () -> finished(name), () -> abandoned(name));
      } catch (FileAlreadyExistsException e) {
        files.forget(name);
      } catch (IOException | RuntimeException | LinkageError e) {
        files.forget(name);
        throw e;
      }
    }
    throw new IOException("no name is free in " + settings.folder());
  }

  private static RecordingPart numbered(RecordingPart part, int number) {
    Map<String, String> facts = new HashMap<>(part.facts());
    facts.put("daqstream.part", Integer.toString(number));
    return new RecordingPart(part.domain(), part.signals(), facts);
  }

  private void finished(String name) throws IOException {
    open.remove(name);
    files.finished(name);
    finishedBytes += Files.size(files.path(name));
  }

  /** Unless the file is complete it is mended before samples are written again. */
  private void abandoned(String name) {
    Open left = open.remove(name);
    if (left != null) {
      finishedBytes += left.writer.bytes();
      isMended = false;
      looks = 0;
      mendLooks = MEND_LOOKS;
    }
  }

  @Override
  public Map<String, String> facts() {
    return facts;
  }

  @Override
  public void wrote(long count) {
    samples += count;
  }

  @Override
  public void told(RecordingHole hole) {
    holeCount++;
  }

  @Override
  public void untold(RecordingHole hole) {
    holeCount++;
    holes.say(
        () ->
            "recorder %s: no file tells that rows %d to %d of '%s' are missing (%s)"
                .formatted(
                    recorder, hole.fromRow(), hole.toRow() - 1, hole.signalId(), hole.reason()));
  }

  long samples() {
    return samples;
  }

  long holeCount() {
    return holeCount;
  }

  /** How many bytes all files have got. */
  long bytes() {
    return finishedBytes + openBytes();
  }

  /** The newest files. */
  List<RecordedFile> newest(int count) {
    return files == null ? List.of() : files.newest(count).stream().map(this::asOfNow).toList();
  }

  private RecordedFile asOfNow(RecordedFile file) {
    Open now = open.get(file.name());
    return now == null ? file : new RecordedFile(file.name(), now.writer.bytes(), false);
  }

  /** What is left of the disk; negative when that is not known. */
  long freeBytes() {
    return freeBytes.applyAsLong(settings.folder());
  }

  /**
   * Lets the oldest files go as the configuration says.
   *
   * @return what is left of the disk then
   */
  long clean() {
    mendAgain();
    boolean isToClean = settings.retention() == Settings.Retention.DELETE && files != null;
    return isToClean ? housekeeper.clean(files, openBytes()) : freeBytes();
  }

  private long openBytes() {
    return open.values().stream().mapToLong(each -> each.writer.bytes()).sum();
  }

  /** Whether the folder was moved or deleted, or another disk is in its place. */
  boolean isGone() {
    return files != null && !files.isThere();
  }

  /** Has the folder be made ready anew; its files were abandoned. */
  void leave() {
    files.close();
    files = null;
    isMended = false;
  }

  /** The tables whose files somebody has moved or deleted while they are written. */
  Set<TableFiles> gone() {
    Set<TableFiles> gone = new LinkedHashSet<>();
    for (Open each : open.values()) {
      if (each.working != null && !Files.exists(each.working) && !Files.exists(each.file)) {
        gone.add(each.table);
      }
    }
    return gone;
  }

  @Override
  public void close() {
    if (files != null) {
      files.close();
    }
  }
}
