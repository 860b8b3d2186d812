/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.health.internal;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A configuration that was found good.
 *
 * @param servers names of the servers that must be up; empty: at least one, whatever its name
 * @param lagWarnPercent lag of a client from which it is worth a warning
 * @param lagCriticalPercent lag of a client from which it will soon be disconnected
 * @param disconnectsWarn clients that left in the last minute, from which it is worth a warning
 * @param certificateWarnDays rest of a certificate's life from which it is worth a warning
 */
record Settings(
    List<String> servers,
    int lagWarnPercent,
    int lagCriticalPercent,
    int disconnectsWarn,
    int certificateWarnDays) {
  static final String SERVERS = "servers";
  static final String LAG_WARN_PERCENT = "lagWarnPercent";
  static final String LAG_CRITICAL_PERCENT = "lagCriticalPercent";
  static final String DISCONNECTS_WARN = "disconnectsWarn";
  static final String CERTIFICATE_WARN_DAYS = "certificateWarnDays";

  /**
   * Checks configured values.
   *
   * @param values from Config Admin, strings or of their own type; absent ones have their defaults
   * @throws IllegalArgumentException naming key, value and what is allowed
   */
  static Settings of(Map<String, ?> values) {
    final int lagWarnPercent = number(values, LAG_WARN_PERCENT, 50, 1, 100);
    return new Settings(
        names(values.get(SERVERS)),
        lagWarnPercent,
        number(values, LAG_CRITICAL_PERCENT, 90, lagWarnPercent, 100),
        number(values, DISCONNECTS_WARN, 10, 1, 1_000_000),
        number(values, CERTIFICATE_WARN_DAYS, 30, 1, 3_650));
  }

  private static List<String> names(Object value) {
    final Collection<?> entries;
    if (value instanceof Object[] array) {
      entries = Arrays.asList(array);
    } else if (value instanceof Collection<?> collection) {
      entries = collection;
    } else {
      entries = Arrays.asList((value == null ? "" : value.toString()).split(",", -1));
    }
    return entries.stream()
        .map(entry -> entry.toString().strip())
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static int number(Map<String, ?> values, String key, int fallback, int low, int high) {
    final Object value = values.get(key);
    final String text = value == null ? String.valueOf(fallback) : value.toString().strip();
    try {
      final long number = Long.parseLong(text);
      if (number >= low && number <= high) {
        return (int) number;
      }
    } catch (NumberFormatException e) {
      // Told below, together with what is allowed.
    }
    throw new IllegalArgumentException(
        "key " + key + " = '" + text + "' must be a whole number from " + low + " to " + high);
  }
}
