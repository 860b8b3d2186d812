/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.api;

import java.util.List;

/**
 * What a recorder does and has done since its bundle or configuration came.
 *
 * @param state what it does
 * @param reason more about the state in words, may be empty
 * @param format ending of its files
 * @param folder where its files are
 * @param signals how many signals it records now
 * @param samples how many samples it has given to files
 * @param samplesPerSecond how many of the last second
 * @param bytes how many bytes its files have; fewer when one is completed
 * @param bytesPerSecond how many in the last second
 * @param holes how many holes its files tell
 * @param lostSamples how many samples it left out, whether files tell or not
 * @param bufferedRatio how full its memory is, 0 to 1
 * @param freeBytes what is left of the disk; negative when that is not known
 * @param files the newest of its files, the newest one last
 */
public record RecorderStatus(
    RecorderState state,
    String reason,
    String format,
    String folder,
    int signals,
    long samples,
    double samplesPerSecond,
    long bytes,
    double bytesPerSecond,
    long holes,
    long lostSamples,
    double bufferedRatio,
    long freeBytes,
    List<RecordedFile> files) {
  /** Copies the list. */
  public RecorderStatus {
    files = List.copyOf(files);
  }

  /**
   * A file of a recorder.
   *
   * @param name its name in the folder
   * @param bytes its size
   * @param isFinished whether it is complete
   */
  public record RecordedFile(String name, long bytes, boolean isFinished) {}
}
