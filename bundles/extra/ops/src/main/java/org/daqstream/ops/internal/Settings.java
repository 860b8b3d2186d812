/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.util.regex.Pattern;
import org.daqstream.config.support.Readers;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;

/** A configuration that was found good, see {@link Operations.Config}. */
record Settings(String path, Readers readers, Limits limits, boolean jmx, int sampleIntervalMs) {
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)*");

  /**
   * Most subjects that have metrics of their own.
   *
   * @param clients of each server
   * @param signals of the registry, and of each server
   * @param streams that are open
   */
  record Limits(int clients, int signals, int streams) {}

  static Settings of(Values values) {
    return new Settings(
        path(values.text("path")),
        Readers.of("metricsFrom", values.list("metricsFrom")),
        new Limits(
            values.integer("clientsMax"),
            values.integer("signalsMax"),
            values.integer("streamsMax")),
        values.flag("jmx"),
        values.integer("sampleIntervalMs"));
  }

  private static String path(String text) {
    if (!PATH.matcher(text).matches()) {
      throw new RefusedException(
          "path", text, "must be a path such as /metrics of letters, digits and . _ ~ -, or empty");
    }
    return text;
  }
}
