/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.health.internal;

import java.util.List;
import java.util.regex.Pattern;
import org.daqstream.config.support.Readers;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;

/** A configuration that was found good, see {@link Health.Config}. */
record Settings(
    List<String> servers,
    int lagWarnPercent,
    int lagCriticalPercent,
    int disconnectsWarn,
    int certificateWarnDays,
    String path,
    Readers readers) {
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)*");

  static final String SERVERS = "servers";
  static final String LAG_WARN_PERCENT = "lagWarnPercent";
  static final String LAG_CRITICAL_PERCENT = "lagCriticalPercent";
  static final String DISCONNECTS_WARN = "disconnectsWarn";
  static final String CERTIFICATE_WARN_DAYS = "certificateWarnDays";

  static Settings of(Values values) {
    int lagWarnPercent = values.integer(LAG_WARN_PERCENT);
    return new Settings(
        values.list(SERVERS),
        lagWarnPercent,
        values.integer(LAG_CRITICAL_PERCENT, lagWarnPercent, Integer.MAX_VALUE),
        values.integer(DISCONNECTS_WARN),
        values.integer(CERTIFICATE_WARN_DAYS),
        path(values.text("path")),
        Readers.of("healthFrom", values.list("healthFrom")));
  }

  private static String path(String text) {
    if (!PATH.matcher(text).matches()) {
      throw new RefusedException(
          "path", text, "must be a path such as /health of letters, digits and . _ ~ -, or empty");
    }
    return text;
  }
}
