/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.recorder.api.RecorderState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether files can be written: there is a format, room on the disk, and a folder. */
final class Readiness {
  private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long RETRY_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int LINES_PER_MINUTE = 6;

  private final String recorder;
  private final Settings settings;
  private final RecordingFolder folder;
  private final LimitedLog failures = new LimitedLog(LOG::error, LINES_PER_MINUTE);
  private long formatMissingSince; // 0: it is there
  private boolean isFormatMissed; // and that was said
  private boolean isDiskFull;
  private String reason = ""; // of a failure
  private long retryAt;
  private long retryNanos; // 0 when nothing failed

  Readiness(String recorder, Settings settings, RecordingFolder folder) {
    this.recorder = recorder;
    this.settings = settings;
    this.folder = folder;
  }

  /** Why the folder cannot be used, empty when it can. */
  String reason() {
    return reason;
  }

  /** Looks at what is left of the disk; whether it has become full. */
  boolean look(long freeBytes) {
    long least = settings.minFreeBytes();
    boolean wasFull = isDiskFull;
    long wanted = wasFull ? least + least / 10 : least; // not to and fro
    isDiskFull = freeBytes >= 0 && freeBytes < wanted;
    return isDiskFull && !wasFull;
  }

  /** Tries to make the folder ready, unless that failed a moment ago. */
  boolean canWrite(long now) {
    if (folder.format() == null || isDiskFull || (retryNanos > 0 && now - retryAt < 0)) {
      return false;
    }
    try {
      folder.makeReady();
      retryNanos = 0;
      reason = "";
      return true;
    } catch (IOException | RuntimeException e) {
      reason = RecordingFolder.words(e);
      retryNanos = Math.min(RETRY_LIMIT_NANOS, Math.max(RETRY_NANOS, 2 * retryNanos));
      retryAt = now + retryNanos;
      failures.say(
          () ->
              "recorder %s: %s; is tried again in %d s"
                  .formatted(recorder, reason, TimeUnit.NANOSECONDS.toSeconds(retryNanos)));
      return false;
    }
  }

  /** What is in the way. */
  RecorderState trouble() {
    return folder.format() == null
        ? RecorderState.NO_FORMAT
        : isDiskFull ? RecorderState.DISK_FULL : RecorderState.FAILED;
  }

  /** To be called once a second: says what may be over in a moment, when it is not. */
  void remind(RecorderState state, long now) {
    boolean isMissing = state == RecorderState.NO_FORMAT;
    if (isMissing && formatMissingSince == 0) {
      formatMissingSince = now;
    } else if (isMissing && !isFormatMissed) {
      isFormatMissed = true;
      LOG.warn(
          "recorder {}: waits for a recording format '{}', nothing is written",
          recorder,
          settings.format());
    } else if (!isMissing) {
      formatMissingSince = 0;
      isFormatMissed = false;
    }
  }

  /** Says what the recorder does from now on. */
  void tell(RecorderState next) {
    if (next == RecorderState.DISK_FULL) {
      LOG.error(
          "recorder {}: less than {} bytes are left for {}, nothing is written until there are"
              + " more",
          recorder,
          settings.minFreeBytes(),
          settings.folder());
    } else if (next != RecorderState.FAILED && next != RecorderState.NO_FORMAT) { // said elsewhere
      LOG.info("recorder {}: {}", recorder, next.name().toLowerCase(Locale.ROOT));
    }
  }
}
