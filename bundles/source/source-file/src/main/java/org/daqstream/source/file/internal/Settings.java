/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;

/**
 * A configuration that was found good, see {@link FileSource.Config}.
 *
 * @param path folder to watch, or one file
 * @param valuesPerSecondLimit for speed 0, of all signals of a file together
 */
record Settings(
    Path path,
    String prefix,
    double speed,
    int valuesPerSecondLimit,
    boolean loop,
    boolean absoluteTime,
    String timeColumn,
    double rowsPerSecond,
    boolean follow,
    RecordedPosition from,
    RecordedPosition to,
    boolean sequence,
    int scanMs) {
  private static final int PREFIX_LIMIT_CHARS = 100;

  /** Checks the values; a relative path is relative to the home. */
  static Settings of(Values values, Path home) {
    return new Settings(
        home.resolve(path(values.text("path"))),
        values.text("prefix", PREFIX_LIMIT_CHARS),
        values.decimal("speed"),
        values.integer("valuesPerSecond"),
        values.flag("loop"),
        values.flag("absoluteTime"),
        values.text("timeColumn"),
        values.decimal("rowsPerSecond"),
        values.flag("follow"),
        RecordedPosition.of("from", values.text("from")),
        RecordedPosition.of("to", values.text("to")),
        values.flag("sequence"),
        values.integer("scanMs"));
  }

  private static Path path(String path) {
    try {
      if (!path.isEmpty()) {
        return Path.of(path);
      }
    } catch (InvalidPathException e) {
      // Told below, together with what is allowed.
    }
    throw new RefusedException("path", path, "must name a folder or a file");
  }
}
