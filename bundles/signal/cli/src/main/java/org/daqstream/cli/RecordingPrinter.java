/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.daqstream.recording.api.RecordedRows;
import org.daqstream.sample.support.Format;
import org.daqstream.sample.support.Json;

/** Rows of a file as CSV, or as an object on a line for each. */
final class RecordingPrinter implements RecordedRows {
  /** Every so many rows it is looked whether anybody still reads. */
  private static final int CHECK_ROWS = 1000;

  private final StandardStreams streams;
  private final List<SignalGlob> globs;
  private final boolean isJson;
  private final long limit;
  private final Interruption interruption;
  private List<String> names = List.of();
  private int[] chosen = {};
  private long rows;

  /**
   * For all of a file, or a part.
   *
   * @param globs the columns; time, ticks and rows are always there
   * @param limit how many rows at most
   */
  RecordingPrinter(
      StandardStreams streams,
      Interruption interruption,
      List<SignalGlob> globs,
      boolean isJson,
      long limit) {
    this.streams = streams;
    this.interruption = interruption;
    this.globs = globs;
    this.isJson = isJson;
    this.limit = limit;
  }

  long rows() {
    return rows;
  }

  @Override
  public void columns(List<String> all) {
    names = all;
    chosen =
        IntStream.range(0, all.size())
            .filter(i -> List.of("time", "tick", "row").contains(all.get(i)) || isMeant(all.get(i)))
            .toArray();
    if (globs.stream().anyMatch(glob -> all.stream().noneMatch(glob::matches))) {
      throw new CliException(
          Daqstream.FAILED, "no signal is meant by " + globs + "; there are " + all);
    }
    if (!isJson) {
      print(all.stream().map(streams::text).toList());
    }
  }

  private boolean isMeant(String name) {
    return globs.isEmpty() || globs.stream().anyMatch(glob -> glob.matches(name));
  }

  private void print(List<?> all) {
    StringBuilder line = new StringBuilder();
    for (int i : chosen) {
      line.append(line.length() == 0 ? "" : ",").append(cell(all.get(i)));
    }
    streams.out().append(line).append('\n');
  }

  private String cell(Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof Number number) {
      return CsvCells.number(number);
    }
    Object plain = plain(value);
    return CsvCells.quoted(plain instanceof String text ? streams.text(text) : Json.of(plain));
  }

  private static Object plain(Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    return value instanceof Instant time ? Format.time(time) : value;
  }

  @Override
  public boolean row(List<Object> values) {
    if (rows >= limit) {
      return false;
    }
    rows++;
    if (isJson) {
      Map<String, Object> object = new LinkedHashMap<>();
      for (int i : chosen) {
        object.put(names.get(i), plain(values.get(i)));
      }
      streams.out().append(streams.json(object)).append('\n');
    } else {
      List<Object> row = new ArrayList<>(values);
      print(row);
    }
    if (rows % CHECK_ROWS == 0) {
      streams.check();
    }
    return !interruption.isAsked();
  }
}
