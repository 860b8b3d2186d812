/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;

/**
 * A configuration that was found good, see {@link FileSource.Config}.
 *
 * @param path folder to watch, or one file
 * @param speed how much faster than it was recorded; 0: as the limit allows, infinite: as it goes
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
    double rateHz,
    boolean follow,
    RecordedPosition from,
    RecordedPosition to,
    boolean sequence,
    int scanMs) {
  private static final int PREFIX_LIMIT_CHARS = 100;
  private static final double SPEED_LIMIT = 1e6;

  /** Whether rows do not wait for their time. */
  boolean isUnpaced() {
    return speed == 0 || isUnlimited();
  }

  /** Whether they wait for nothing at all. */
  boolean isUnlimited() {
    return Double.isInfinite(speed);
  }

  /** Checks the values; a relative path is relative to the home. */
  static Settings of(Values values, Path home) {
    return new Settings(
        home.resolve(path(values.text("path"))),
        values.text("prefix", PREFIX_LIMIT_CHARS),
        speed(values.text("speed")),
        values.integer("valuesPerSecond"),
        values.flag("loop"),
        values.flag("absoluteTime"),
        values.text("timeColumn"),
        values.decimal("rateHz"),
        values.flag("follow"),
        RecordedPosition.of("from", values.text("from")),
        RecordedPosition.of("to", values.text("to")),
        values.flag("sequence"),
        values.integer("scanMs"));
  }

  private static double speed(String text) {
    if (text.equalsIgnoreCase("max")) {
      return Double.POSITIVE_INFINITY;
    }
    try {
      double speed = text.isEmpty() ? 1 : new BigDecimal(text).doubleValue();
      if (speed >= 0 && speed <= SPEED_LIMIT) {
        return speed;
      }
    } catch (NumberFormatException e) {
      // Told below, together with what is allowed.
    }
    throw new RefusedException("speed", text, "must be a number from 0 to 1000000, or max");
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
