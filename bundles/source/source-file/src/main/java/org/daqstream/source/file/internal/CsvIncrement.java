/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The distance of rows where a header has it in place of times, as oscilloscopes of Rigol write it:
 * {@code X,CH1,Start,Increment} with the numbers below the last two, or {@code CH1V,t0 =
 * -1.0e-03s,tInc = 2.0e-06}.
 *
 * @param seconds the distance, as it is written
 * @param columns how many columns stand before it
 * @param below whether it was in the line below the header
 */
record CsvIncrement(String seconds, int columns, boolean below) {
  private static final Pattern START = Pattern.compile("t0\\s*=.*");
  private static final Pattern INCREMENT = Pattern.compile("tInc\\s*=\\s*([-+.\\deE]+)\\s*s?");

  /** Finds it in a header, or in the line below. */
  static Optional<CsvIncrement> find(List<CsvColumn> header, List<String> below) {
    int last = header.size() - 1;
    if (last < 2) {
      return Optional.empty();
    }
    String start = header.get(last - 1).head();
    String increment = header.get(last).head();
    Matcher matcher = INCREMENT.matcher(increment);
    if (matcher.matches() && START.matcher(start).matches()) {
      return Optional.of(new CsvIncrement(matcher.group(1), last - 1, false));
    }
    if (start.toLowerCase(Locale.ROOT).equals("start")
        && increment.toLowerCase(Locale.ROOT).equals("increment")
        && last < below.size()) {
      return Optional.of(new CsvIncrement(below.get(last).strip(), last - 1, true));
    }
    return Optional.empty();
  }

  /** The same for whoever counts rows; an IllegalArgumentException when it is out of bounds. */
  SamplePeriod period() {
    return SamplePeriod.ofSeconds(seconds)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the rows lie '%s' s apart, allowed are 1 ns to 1 s"
                        .formatted(CsvRecording.shortened(seconds))));
  }
}
