/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.sample.support.DomainValue;
import org.daqstream.sample.support.SampleDecoder;
import org.daqstream.signal.api.SignalDescriptor;

/** Prints the rows of a recording: as CSV, or an object on a line for each. */
final class RecordingPrinter {
  /** A signal that is printed. */
  private static final class Column {
    final int place;
    final SignalDescriptor signal;
    final SampleDecoder decoder;
    final List<String> headings;
    private ByteBuffer samples;
    private int at;

    Column(int place, SignalDescriptor signal) {
      this.place = place;
      this.signal = signal;
      decoder = new SampleDecoder(signal, signal.dataType());
      headings = CsvCells.headings(signal);
    }

    void begin(RowBlock block) {
      samples = block.samples(place);
      at = samples == null ? 0 : samples.position();
    }

    /** The next sample, {@code null} when it is missing. */
    Object next(RowBlock block, int index) {
      if (samples == null) {
        return null;
      }
      int size = block.sampleBytes(place, index);
      ByteBuffer sample = samples.slice(at, size);
      at += size;
      return decoder.decode(sample);
    }
  }

  private final StandardStreams streams;
  private final Interruption interruption;
  private final boolean isJson;
  private final RecordingReader reader;
  private final DomainValue domain;
  private final boolean hasTime;
  private final List<Column> columns = new ArrayList<>();

  /**
   * For all of a file, or a part.
   *
   * @param globs the signals; times, ticks and rows are always there
   */
  RecordingPrinter(
      StandardStreams streams,
      Interruption interruption,
      List<SignalGlob> globs,
      boolean isJson,
      RecordingReader reader) {
    this.streams = streams;
    this.interruption = interruption;
    this.isJson = isJson;
    this.reader = reader;
    domain = new DomainValue(reader.part().domain());
    hasTime = reader.part().domain().resolution() != null;
    List<SignalDescriptor> signals = reader.part().signals();
    for (int place : SignalGlob.places(globs, signals)) {
      columns.add(new Column(place, signals.get(place)));
    }
  }

  /**
   * Prints, until the user wants the end.
   *
   * @param limit how many rows at most
   * @param progress shows how far it is
   */
  void print(long limit, ProgressLine progress) throws IOException {
    if (!isJson) {
      List<String> headings = new ArrayList<>(hasTime ? List.of("time") : List.of());
      headings.addAll(List.of("tick", "row"));
      columns.forEach(each -> headings.addAll(each.headings));
      line(headings.stream().map(each -> CsvCells.quoted(streams.text(each))).toList());
    }
    long left = limit;
    long samples = 0;
    while (left > 0 && !interruption.isAsked()) {
      RowBlock block = reader.next();
      if (block == null) {
        return;
      }
      int count = (int) Math.min(left, block.count());
      columns.forEach(each -> each.begin(block));
      for (int i = 0; i < count; i++) {
        row(block, i);
      }
      left -= count;
      samples += (long) count * columns.size();
      progress.tell(samples, 0, () -> ProgressLine.percent(reader));
      streams.check();
    }
  }

  private void line(List<String> cells) {
    streams.out().append(String.join(",", cells)).append('\n');
  }

  private void row(RowBlock block, int index) {
    long tick = block.tick(index);
    if (isJson) {
      Map<String, Object> object = new LinkedHashMap<>();
      if (hasTime) {
        object.put("time", domain.text(tick));
      }
      object.put("tick", tick);
      object.put("row", block.row() + index);
      columns.forEach(each -> object.put(each.signal.signalId(), each.next(block, index)));
      streams.out().append(streams.json(object)).append('\n');
      return;
    }
    List<String> cells = new ArrayList<>(hasTime ? List.of(domain.text(tick)) : List.of());
    cells.add(Long.toString(tick));
    cells.add(Long.toString(block.row() + index));
    for (Column each : columns) {
      Object value = each.next(block, index);
      cells.addAll(
          value == null
              ? List.of(",".repeat(each.headings.size() - 1))
              : CsvCells.of(value, each.headings.size(), streams::text));
    }
    line(cells);
  }
}
