/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * A configuration that was found good.
 *
 * @param path of the page, empty for none
 * @param limits of how much is told
 * @param jmx whether there are MBeans
 * @param sampleIntervalMs time between two samples for MBeans and listeners
 */
record Settings(String path, Limits limits, boolean jmx, int sampleIntervalMs) {
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)*");

  /**
   * Most subjects that have metrics of their own.
   *
   * @param clients of each server
   * @param signals of the registry, and of each server
   * @param streams that are open
   */
  record Limits(int clients, int signals, int streams) {}

  /**
   * Checks configured values.
   *
   * @param values from Config Admin, strings or of their own type; absent ones have their defaults
   * @throws IllegalArgumentException naming key, value and what is allowed
   */
  static Settings of(Map<String, ?> values) {
    return new Settings(
        path(text(values, "path", "/metrics")),
        new Limits(
            number(values, "clientsMax", 100, 0, 100_000),
            number(values, "signalsMax", 1_000, 0, 100_000),
            number(values, "streamsMax", 1_000, 0, 100_000)),
        bool(text(values, "jmx", "true")),
        number(values, "sampleIntervalMs", 5_000, 100, 60_000));
  }

  private static String text(Map<String, ?> values, String key, String fallback) {
    final Object value = values.get(key);
    return value == null ? fallback : value.toString().strip();
  }

  private static String path(String text) {
    if (!PATH.matcher(text).matches()) {
      throw refused(
          "path", text, "must be a path such as /metrics of letters, digits and . _ ~ -, or empty");
    }
    return text;
  }

  private static boolean bool(String text) {
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    throw refused("jmx", text, "must be true or false");
  }

  private static int number(Map<String, ?> values, String key, int fallback, int low, int high) {
    final String text = text(values, key, String.valueOf(fallback));
    try {
      final long value = Long.parseLong(text);
      if (value >= low && value <= high) {
        return (int) value;
      }
    } catch (NumberFormatException e) {
      // Told below, together with what is allowed.
    }
    throw refused(key, text, "must be a whole number from " + low + " to " + high);
  }

  private static IllegalArgumentException refused(String key, String value, String allowed) {
    return new IllegalArgumentException("key " + key + " = '" + value + "' " + allowed);
  }
}
