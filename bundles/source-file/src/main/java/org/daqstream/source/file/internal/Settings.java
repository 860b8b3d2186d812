/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;

/**
 * A configuration that was found good.
 *
 * @param path folder to watch, or one file
 * @param prefix first part of all signal ids
 * @param speed how many times faster than the file says; 0 for as fast as the limit allows
 * @param valuesPerSecondLimit the limit for speed 0, of all signals of a file together
 * @param loop whether a file begins again at its end
 * @param absoluteTime whether samples of a CSV file keep its times
 * @param timeColumn name of a CSV file's time column, empty for the first one
 * @param scanMs how often to look at the folder
 */
record Settings(
    Path path,
    String prefix,
    double speed,
    int valuesPerSecondLimit,
    boolean loop,
    boolean absoluteTime,
    String timeColumn,
    int scanMs) {
  private static final int PREFIX_LIMIT_CHARS = 100;
  private static final double SPEED_LIMIT = 1e6;
  private static final int VALUES_LIMIT = 1_000_000_000;
  private static final int SCAN_LOW_MS = 100;
  private static final int SCAN_HIGH_MS = 3_600_000;

  /**
   * Checks the values; the exception names key, value and what is allowed.
   *
   * @param home what a relative path is relative to
   */
  static Settings of(FileSource.Config config, Path home) {
    return new Settings(
        home.resolve(path(config.path())),
        prefix(config.prefix()),
        checked("speed", config::speed, 0, SPEED_LIMIT),
        (int) checked("valuesPerSecond", config::valuesPerSecond, 1, VALUES_LIMIT),
        config.loop(),
        config.absoluteTime(),
        config.timeColumn().strip(),
        (int) checked("scanMs", config::scanMs, SCAN_LOW_MS, SCAN_HIGH_MS));
  }

  private static Path path(String path) {
    try {
      if (!path.isBlank()) {
        return Path.of(path.strip());
      }
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("path: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("path: must name a folder or a file");
  }

  private static String prefix(String prefix) {
    if (prefix.isBlank()
        || prefix.length() > PREFIX_LIMIT_CHARS
        || prefix.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "prefix: must have 1 to "
              + PREFIX_LIMIT_CHARS
              + " characters and no control characters, not '"
              + prefix
              + "'");
    }
    return prefix;
  }

  private static double checked(String key, DoubleSupplier read, double low, double high) {
    String why;
    try {
      double value = read.getAsDouble();
      if (value >= low && value <= high) {
        return value;
      }
      why = "not " + value;
    } catch (RuntimeException e) { // what the component runtime says of a text that is no number
      why = e.getMessage();
    }
    throw new IllegalArgumentException(key + ": must be " + low + " to " + high + ", " + why);
  }
}
