/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.util.function.ToLongFunction;
import org.daqstream.shell.internal.Call;

/** The option of commands that tell rates: how long they look. */
final class Interval {
  static final String OPTION = "--seconds";
  static final String VALUE = "S";
  static final String MEANING = "measure rates over so many seconds, 1; 0 tells none";

  private static final long DEFAULT_MS = 1000;
  private static final long MOST_MS = 60_000;

  private Interval() {}

  static long of(Call call) {
    return call.milliseconds(OPTION, DEFAULT_MS, MOST_MS);
  }

  /** How fast a counter grew, {@code null} when it is not known what it was. */
  static <T> Long rate(T before, ToLongFunction<T> counter, T now, double seconds) {
    return before == null
        ? null
        : Long.valueOf(
            Math.round((counter.applyAsLong(now) - counter.applyAsLong(before)) / seconds));
  }
}
