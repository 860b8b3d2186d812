/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.csv.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.format.support.RecordingFacts;
import org.daqstream.recording.support.DomainClock;
import org.daqstream.sample.support.Format;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * The columns of a file: time, where the domain is one, tick and row, then those of each signal.
 *
 * @param clock makes times of ticks; {@code null} without a time
 * @param names what the signals are called
 */
record CsvTableLayout(DomainClock clock, List<SignalCells> signals, List<String> names) {
  private static final String TIME = "time";
  private static final String TICK = "tick";
  private static final String ROW = "row";

  static CsvTableLayout of(RecordingPart part) throws IOException {
    Set<String> taken = new HashSet<>(List.of(TIME, TICK, ROW));
    List<SignalCells> signals = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (SignalDescriptor each : part.signals()) {
      String name = each.signalId();
      while (!taken.add(name)) {
        name += "_";
      }
      names.add(name);
      signals.add(new SignalCells(each));
    }
    return new CsvTableLayout(DomainClock.of(part.domain()), signals, names);
  }

  /** All that is told beside the table. */
  Map<String, String> facts(RecordingPart part) {
    return RecordingFacts.of(part, names);
  }

  /** The cell of a tick's time; empty beyond the 292 years of 64 bits, where the tick tells it. */
  String time(long tick) {
    try {
      return Format.time(clock.instant(tick));
    } catch (ArithmeticException e) {
      return "";
    }
  }

  /** Where the cells of the first signal begin. */
  int axes() {
    return clock == null ? 2 : 3;
  }

  /** How many cells a line has. */
  int cells() {
    return axes() + signals.stream().mapToInt(SignalCells::count).sum();
  }

  /** The first line. */
  String header() {
    StringBuilder line = new StringBuilder(clock == null ? "" : TIME + ",");
    line.append(TICK).append(',').append(ROW);
    for (int i = 0; i < signals.size(); i++) {
      for (String each : signals.get(i).headings(names.get(i))) {
        line.append(',');
        CsvLines.quote(line, each);
      }
    }
    return line.append('\n').toString();
  }
}
