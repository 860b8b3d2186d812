/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.util.Locale;

/** Why samples are not in a file. */
enum LossReason {
  /** The format or the disk is slower than the data. */
  RECORDER(1),
  /** A sample is larger than the memory. */
  SIZE(2),
  /** The signal's writer failed. */
  WRITER(3),
  /** Too little is left of the disk, or writing failed. */
  DISK(4),
  /** There is no service for the format. */
  FORMAT(5),
  /** The source left out rows. */
  ROWS(6),
  /** The memory for what comes before a trigger was too small. */
  MEMORY(7),
  /** It waited for a trigger when its signal was described differently. */
  CHANGE(8),
  /** It came when the files of its time were complete. */
  LATE(9);

  /** As it stands in the ring. */
  final int code;

  LossReason(int code) {
    this.code = code;
  }

  static LossReason of(int code) {
    for (LossReason each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    throw new IllegalArgumentException("no reason has the code " + code);
  }

  /** As it stands in a file. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
