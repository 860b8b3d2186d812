/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.nio.file.Path;
import java.util.List;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;

/** Checked values of a recorder's configuration. */
record Settings(
    Path folder,
    List<String> signals,
    String format,
    Start start,
    int bufferBytes,
    long segmentBytes,
    int segmentSeconds,
    long minFreeBytes,
    Retention retention,
    long keepBytes,
    int keepHours) {
  private static final int TEXT_CHARS = 1000;

  /** When it records. */
  enum Start {
    /** From the beginning. */
    ALWAYS,
    /** When it is told to. */
    COMMAND
  }

  /** What becomes of complete files. */
  enum Retention {
    /** They stay. */
    KEEP,
    /** The oldest go when there are too many, or the disk is full. */
    DELETE
  }

  /**
   * Reads the values.
   *
   * @param home what a folder is relative to
   */
  static Settings of(Values values, Path home) {
    Retention retention = values.choice("retention", Retention.class);
    long keepBytes = values.whole("keepBytes");
    int keepHours = values.integer("keepHours");
    if (retention == Retention.KEEP && (keepBytes > 0 || keepHours > 0)) {
      String key = keepBytes > 0 ? "keepBytes" : "keepHours";
      throw new RefusedException(key, values.text(key), "needs retention = delete");
    }
    String format = values.text("format", 20);
    if (!format.matches("[A-Za-z0-9]+")) {
      throw new RefusedException("format", format, "must be the ending of file names, parquet say");
    }
    return new Settings(
        home.resolve(values.text("folder", TEXT_CHARS)),
        values.list("signals"),
        format,
        values.choice("start", Start.class),
        values.integer("bufferBytes"),
        values.whole("segmentBytes"),
        values.integer("segmentSeconds"),
        values.whole("minFreeBytes"),
        retention,
        keepBytes,
        keepHours);
  }
}
