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
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private static final Logger LOG = LoggerFactory.getLogger(RecordingFolder.class);
  private static final int LINES_PER_MINUTE = 10;

  /** How many names are tried when files of others have them. */
  private static final int NAMES = 100;

  private final String recorder;
  private final Settings settings;
  private final Clock clock;
  private final ToLongFunction<Path> freeBytes;
  private final LimitedLog holes = new LimitedLog(LOG::warn, LINES_PER_MINUTE);
  private final Map<String, RecordingWriter> open = new HashMap<>();
  private OwnFiles files; // null until the folder could be used
  private RecordingFormat format; // null for none
  private boolean isMended;
  private Map<String, String> facts = Map.of();
  private long samples;
  private long holeCount;
  private long finishedBytes;

  RecordingFolder(String recorder, Settings settings, Clock clock, ToLongFunction<Path> freeBytes) {
    this.recorder = recorder;
    this.settings = settings;
    this.clock = clock;
    this.freeBytes = freeBytes;
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
    for (RecordedFile each : files.all()) {
      boolean isOfFormat = each.name().endsWith("." + settings.format());
      if (!each.isFinished() && isOfFormat && !open.containsKey(each.name())) {
        mend(each.name());
      }
    }
  }

  private void mend(String name) throws IOException {
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
    } catch (NoSuchFileException e) {
      files.forget(name);
    } catch (IOException | RuntimeException e) {
      LOG.warn("recorder {}: {} was interrupted and is not mended: {}", recorder, name, words(e));
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
        open.put(name, writer);
        return new ToldWriter(writer, () -> finished(name), () -> abandoned(name));
      } catch (FileAlreadyExistsException e) {
        files.forget(name);
      } catch (IOException | RuntimeException | LinkageError e) {
        forget(name);
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

  /** A file that was not begun at all. */
  private void forget(String name) {
    try {
      files.forget(name);
    } catch (IOException e) {
      // Then it is looked for once more at the next start.
    }
  }

  private void finished(String name) throws IOException {
    open.remove(name);
    files.finished(name);
    finishedBytes += Files.size(files.path(name));
  }

  /** Unless the file is complete it is mended before samples are written again. */
  private void abandoned(String name) {
    RecordingWriter writer = open.remove(name);
    if (writer != null) {
      finishedBytes += writer.bytes();
      isMended = false;
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
    return finishedBytes + open.values().stream().mapToLong(RecordingWriter::bytes).sum();
  }

  /** The newest files. */
  List<RecordedFile> newest(int count) {
    return files == null ? List.of() : files.newest(count).stream().map(this::asOfNow).toList();
  }

  private RecordedFile asOfNow(RecordedFile file) {
    RecordingWriter writer = open.get(file.name());
    return writer == null ? file : new RecordedFile(file.name(), writer.bytes(), false);
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
    long free = freeBytes();
    if (settings.retention() == Settings.Retention.KEEP || files == null) {
      return free;
    }
    long all = bytesKept();
    for (RecordedFile each : files.all()) {
      if (!each.isFinished()) {
        continue;
      }
      boolean isOld = settings.keepHours() > 0 && isOlder(each.name(), settings.keepHours());
      boolean isTooMuch = settings.keepBytes() > 0 && all > settings.keepBytes();
      boolean isFull = free >= 0 && free < settings.minFreeBytes();
      if (!isOld && !isTooMuch && !isFull) {
        return free;
      }
      delete(each, isFull ? "the disk is full" : isOld ? "of keepHours" : "of keepBytes");
      all -= each.bytes();
      free = freeBytes();
    }
    return free;
  }

  private long bytesKept() {
    long opened = open.values().stream().mapToLong(RecordingWriter::bytes).sum();
    return opened
        + files.all().stream()
            .filter(RecordedFile::isFinished)
            .mapToLong(RecordedFile::bytes)
            .sum();
  }

  private boolean isOlder(String name, int hours) {
    try {
      Instant written = Files.getLastModifiedTime(files.path(name)).toInstant();
      return written.isBefore(clock.instant().minus(Duration.ofHours(hours)));
    } catch (IOException e) {
      return !Files.exists(files.path(name));
    }
  }

  private void delete(RecordedFile file, String why) {
    try {
      if (files.delete(file)) {
        LOG.info("recorder {}: deleted {}, because {}", recorder, file.name(), why);
      }
    } catch (IOException e) {
      holes.say(
          () -> "recorder %s: cannot delete %s: %s".formatted(recorder, file.name(), words(e)));
    }
  }

  @Override
  public void close() {
    if (files != null) {
      files.close();
    }
  }
}
