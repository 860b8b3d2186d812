/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.api;

/** What a recorder does. */
public enum RecorderState {
  /** Nothing, until it is told to start. */
  STOPPED,
  /** Nothing, until the time comes that it is to record in. */
  SCHEDULED,
  /** It keeps the newest samples in memory, and records when its trigger comes. */
  ARMED,
  /** It writes what comes. */
  RECORDING,
  /** It leaves out samples: there is no service for the format of its files. */
  NO_FORMAT,
  /** It leaves out samples: too little is left of the disk. */
  DISK_FULL,
  /** It leaves out samples: writing failed, and is tried again in a moment. */
  FAILED;

  /** {@return whether it should record and cannot} */
  public boolean isTrouble() {
    return this == NO_FORMAT || this == DISK_FULL || this == FAILED;
  }
}
