/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.config.support.RefusedException;

/** Times of every day, by the clock on the wall. */
record Schedule(List<Span> spans) {
  /** From a time until before another one, which may be on the next day. */
  record Span(LocalTime from, LocalTime to) {
    private boolean contains(LocalTime time) {
      boolean isBehind = !time.isBefore(from);
      boolean isBefore = time.isBefore(to);
      return from.isBefore(to) ? isBehind && isBefore : isBehind || isBefore;
    }
  }

  /** Reads {@code 08:00-17:00}. */
  static Schedule of(String key, List<String> texts) {
    List<Span> spans = new ArrayList<>();
    for (String text : texts) {
      String[] ends = text.split("-", -1);
      try {
        if (ends.length == 2) {
          spans.add(new Span(LocalTime.parse(ends[0].strip()), LocalTime.parse(ends[1].strip())));
          continue;
        }
      } catch (DateTimeException e) {
        // Told below, together with what is allowed.
      }
      throw new RefusedException(key, text, "must be like 08:00-17:00");
    }
    return new Schedule(List.copyOf(spans));
  }

  boolean contains(Clock clock) {
    LocalTime time = LocalTime.now(clock);
    return spans.stream().anyMatch(span -> span.contains(time));
  }
}
