/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.recorder.api.RecorderStatus.RecordedFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the oldest files of a recorder go: those that are too old or too many at once, and on a full
 * disk those that make up for what is needed. Where the room does not come at once, because
 * somebody reads them still or the file system takes its time, it waits before it deletes more.
 */
final class Housekeeper {
  /** So many looks, of a second each, it waits for the room of what was deleted. */
  static final int LOOKS = 10;

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);
  private static final int LINES_PER_MINUTE = 10;

  private final String recorder;
  private final Settings settings;
  private final Clock clock;
  private final LongSupplier freeBytes;
  private final LimitedLog failures = new LimitedLog(LOG::warn, LINES_PER_MINUTE);
  private boolean isShort; // until a tenth more is free than must be
  private int looksLeft; // as long as the room of what was deleted is awaited

  Housekeeper(String recorder, Settings settings, Clock clock, LongSupplier freeBytes) {
    this.recorder = recorder;
    this.settings = settings;
    this.clock = clock;
    this.freeBytes = freeBytes;
  }

  /**
   * Looks what is to go.
   *
   * @param openBytes of files that are not complete yet
   * @return what is left of the disk then, negative when that is not known
   */
  long clean(OwnFiles files, long openBytes) {
    long free = freeBytes.getAsLong();
    long needed = neededBytes(free);
    long all = openBytes + keptBytes(files);
    boolean isAny = false;
    for (RecordedFile each : files.all()) {
      if (!each.isFinished()) {
        continue;
      }
      boolean isOld = settings.keepHours() > 0 && isOlder(files.path(each.name()));
      boolean isTooMuch = settings.keepBytes() > 0 && all > settings.keepBytes();
      if (!isOld && !isTooMuch && needed <= 0) {
        break;
      }
      String why = isOld ? "of keepHours" : isTooMuch ? "of keepBytes" : "the disk is full";
      if (delete(files, each, why)) {
        isAny = true;
        needed -= each.bytes();
      }
      all -= each.bytes();
    }
    return isAny ? lookAgain() : free;
  }

  /** What is to be deleted for want of room, now that so much is free. */
  private long neededBytes(long free) {
    long least = settings.minFreeBytes();
    boolean isEnough = free < 0 || free >= least + (isShort ? least / 10 : least / 20);
    isShort = !isEnough;
    if (isEnough) {
      looksLeft = 0;
      return 0;
    }
    if (looksLeft > 0) {
      looksLeft--;
      return 0;
    }
    return least + least / 10 - free;
  }

  /** What has come free by now. */
  private long lookAgain() {
    looksLeft = isShort ? LOOKS : 0;
    return freeBytes.getAsLong();
  }

  private static long keptBytes(OwnFiles files) {
    long bytes = 0;
    for (RecordedFile each : files.all()) {
      bytes += each.isFinished() ? each.bytes() : 0;
    }
    return bytes;
  }

  private boolean isOlder(Path file) {
    try {
      Instant written = Files.getLastModifiedTime(file).toInstant();
      return written.isBefore(clock.instant().minus(Duration.ofHours(settings.keepHours())));
    } catch (IOException e) {
      return !Files.exists(file);
    }
  }

  private boolean delete(OwnFiles files, RecordedFile file, String why) {
    try {
      boolean isGone = files.delete(file);
      if (isGone) {
        LOG.info("recorder {}: deleted {}, because {}", recorder, file.name(), why);
      }
      return isGone;
    } catch (IOException e) {
      String what = RecordingFolder.words(e);
      failures.say(
          () -> "recorder %s: cannot delete %s: %s".formatted(recorder, file.name(), what));
      return false;
    }
  }
}
