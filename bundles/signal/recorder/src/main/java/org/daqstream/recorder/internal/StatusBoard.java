/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.SampleRing;
import org.daqstream.recorder.api.RecorderState;
import org.daqstream.recorder.api.RecorderStatus;

/** What a recorder tells of itself: shown by its thread, read by any. */
final class StatusBoard {
  private static final long SHOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long RATE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int FILES = 20;

  private final Settings settings;
  private volatile RecorderStatus status;
  private long freeBytes = -1;
  private long shown;
  private long rated;
  private long ratedSamples;
  private long ratedBytes;
  private double samplesPerSecond;
  private double bytesPerSecond;

  StatusBoard(Settings settings, long now) {
    this.settings = settings;
    shown = now - SHOW_NANOS;
    rated = now;
    status =
        new RecorderStatus(
            RecorderState.STOPPED,
            "",
            settings.format(),
            settings.folder().toString(),
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            -1,
            List.of());
  }

  RecorderStatus status() {
    return status;
  }

  void setFreeBytes(long bytes) {
    freeBytes = bytes;
  }

  /** Shows what is so now, unless that was shown just before. */
  void show(
      RecorderState state,
      String reason,
      int signals,
      long lost,
      SampleRing ring,
      RecordingFolder folder,
      long now) {
    if (now - shown < SHOW_NANOS && state == status.state()) {
      return;
    }
    shown = now;
    long bytes = folder.bytes();
    if (now - rated >= RATE_NANOS) {
      double seconds = (now - rated) / (double) TimeUnit.SECONDS.toNanos(1);
      samplesPerSecond = (folder.samples() - ratedSamples) / seconds;
      bytesPerSecond = Math.max(0, (bytes - ratedBytes) / seconds);
      rated = now;
      ratedSamples = folder.samples();
      ratedBytes = bytes;
    }
    status =
        new RecorderStatus(
            state,
            reason,
            settings.format(),
            settings.folder().toString(),
            signals,
            folder.samples(),
            samplesPerSecond,
            bytes,
            bytesPerSecond,
            folder.holeCount(),
            lost,
            ring.usedBytes() / (double) ring.capacity(),
            freeBytes,
            folder.newest(FILES));
  }
}
