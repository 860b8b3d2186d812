/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.ForeignText;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;
import org.daqstream.nats.support.NatsOptions;

/**
 * The checked values of {@link ImportConfig}.
 *
 * @param prefix in front of ids, may be empty
 * @param signals which are wanted
 * @param historyMs how much of the past a signal begins with
 * @param fillNanos how long missing rows are looked for
 * @param holdBytes of blocks that wait
 */
record ImportSettings(
    NatsOptions server,
    Subjects subjects,
    List<String> signals,
    String prefix,
    int maxSignals,
    long publisherTimeoutNanos,
    long historyMs,
    long fillNanos,
    long holdBytes) {
  private static final int PREFIX_CHARS = 200;

  static ImportSettings of(Values values, String name) {
    return new ImportSettings(
        ServerKeys.of(values, "daqstream-import-" + name),
        ServerKeys.subjects(values),
        values.list("signals"),
        prefix(values),
        values.integer("maxSignals"),
        TimeUnit.MILLISECONDS.toNanos(values.integer("publisherTimeoutMs")),
        values.integer("historyMs"),
        TimeUnit.MILLISECONDS.toNanos(values.integer("fillMs")),
        values.whole("holdBytes"));
  }

  private static String prefix(Values values) {
    String prefix = values.text("prefix");
    if (prefix.length() > PREFIX_CHARS || !ForeignText.isPlain(prefix)) {
      throw new RefusedException(
          "prefix",
          prefix,
          "must have at most " + PREFIX_CHARS + " characters and no control characters");
    }
    return prefix;
  }
}
