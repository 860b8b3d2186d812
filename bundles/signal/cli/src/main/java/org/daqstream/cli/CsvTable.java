/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.daqstream.client.Gap;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;

/**
 * Samples as a table with a header: a column for the time, for each signal its own, and one for
 * gaps. Samples of one row of one device's table, which have one time, stand in one line; what is
 * missing stands in a line of its own, whose cells are empty but time and gap.
 */
final class CsvTable implements SampleText {
  /** Rows of a table that wait for their other signals at most. */
  private static final int WAITING_ROWS = 10_000;

  private static final long WAITING_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final String GAP = "gap";

  /** The columns of a signal. */
  private static final class Source {
    final RemoteSignal signal;
    final int first;
    final List<String> headings;
    final Table table;
    final SampleSlices slices = new SampleSlices();

    Source(RemoteSignal signal, int first, List<String> headings, Table table) {
      this.signal = signal;
      this.first = first;
      this.headings = headings;
      this.table = table;
    }
  }

  /** Signals with one domain. */
  private static final class Table {
    int sources;
    final TreeMap<Long, Row> rows = new TreeMap<>();
  }

  /** A line that waits for the cells of other signals. */
  private static final class Row {
    final String time;
    final long sinceNanos;
    final List<String> cells;
    int filled;

    Row(String time, long sinceNanos, int columns) {
      this.time = time;
      this.sinceNanos = sinceNanos;
      cells = new ArrayList<>(Collections.nCopies(columns, ""));
    }
  }

  private final TimeForm form;
  private final Lines lines;
  private final UnaryOperator<String> clean;
  private final SampleTimes times;
  private final Map<String, Source> sources = new HashMap<>();
  private final Map<String, Table> tables = new HashMap<>();
  private final List<String> headings = new ArrayList<>();
  private boolean isFinishing;

  /**
   * For these signals.
   *
   * @param clean makes texts of the device fit for where they go
   */
  CsvTable(
      Map<String, RemoteSignal> signals, TimeForm form, Lines lines, UnaryOperator<String> clean) {
    this.form = form;
    this.lines = lines;
    this.clean = clean;
    times = new SampleTimes(form);
    signals.forEach(
        (id, signal) -> {
          Table table = tables.computeIfAbsent(signal.tableId(), key -> new Table());
          table.sources++;
          List<String> own = CsvCells.headings(signal.descriptor());
          sources.put(id, new Source(signal, headings.size(), own, table));
          headings.addAll(own);
        });
  }

  @Override
  public void begin() throws IOException {
    StringBuilder line = new StringBuilder(form.heading());
    headings.forEach(each -> line.append(',').append(CsvCells.quoted(clean.apply(each))));
    lines.line(line.append(',').append(GAP));
  }

  @Override
  public int block(String signalId, SampleBlock block, int count) throws IOException {
    Source source = sources.get(signalId);
    check(source, block.signal());
    long nowNanos = System.nanoTime();
    int taken = 0;
    for (int i = 0; i < count; i++) {
      Object value = source.slices.value(block, i);
      List<String> cells = CsvCells.of(value, source.headings.size(), clean);
      if (source.table.sources == 1 && !isFinishing) {
        Row row = new Row(times.text(block, i), nowNanos, headings.size());
        fill(row, source, cells);
        write(row);
        taken++;
      } else if (!isFinishing || source.table.rows.containsKey(block.row() + i)) {
        join(source, block, i, cells, nowNanos);
        taken++;
      }
    }
    return taken;
  }

  @SuppressWarnings("ReferenceEquality") // the same object is the same description
  private static void check(Source source, RemoteSignal now) {
    if (now != source.signal && !CsvCells.headings(now.descriptor()).equals(source.headings)) {
      throw new CliException(
          Daqstream.FAILED,
          "signal '%s' is another one now, %s: its columns would not fit any more"
              .formatted(now.signalId(), now.descriptor().dataType()));
    }
  }

  private static void fill(Row row, Source source, List<String> cells) {
    for (int i = 0; i < cells.size(); i++) {
      row.cells.set(source.first + i, cells.get(i));
    }
    row.filled++;
  }

  private void join(Source source, SampleBlock block, int i, List<String> cells, long nowNanos)
      throws IOException {
    TreeMap<Long, Row> rows = source.table.rows;
    Row row = rows.get(block.row() + i);
    if (row == null) {
      row = new Row(times.text(block, i), nowNanos, headings.size());
      rows.put(block.row() + i, row);
    }
    fill(row, source, cells);
    if (row.filled >= source.table.sources) {
      writeTo(source.table, block.row() + i);
    } else if (rows.size() > WAITING_ROWS) {
      writeTo(source.table, rows.firstKey());
    }
  }

  /** Writes the rows up to one, with whatever they have. */
  private void writeTo(Table table, long row) throws IOException {
    while (!table.rows.isEmpty() && table.rows.firstKey() <= row) {
      write(table.rows.pollFirstEntry().getValue());
    }
  }

  private void write(Row row) throws IOException {
    StringBuilder line = new StringBuilder(row.time);
    row.cells.forEach(each -> line.append(',').append(each));
    lines.line(line.append(','));
  }

  @Override
  public void gap(String signalId, Gap gap) throws IOException {
    Source source = sources.get(signalId);
    writeTo(source.table, Long.MAX_VALUE);
    String time = gap.isTimeKnown() ? times.text(source.signal, gap.fromTick()) : "";
    StringBuilder line = new StringBuilder(time);
    line.append(",".repeat(headings.size() + 1));
    String words = clean.apply(signalId) + ": " + SampleText.words(gap);
    if (gap.isTimeKnown()) {
      words += ", until " + times.text(source.signal, gap.toTick());
    }
    lines.line(line.append(CsvCells.quoted(words)));
  }

  @Override
  public void idle() throws IOException {
    long nowNanos = System.nanoTime();
    for (Table table : tables.values()) {
      while (!table.rows.isEmpty()
          && nowNanos - table.rows.firstEntry().getValue().sinceNanos > WAITING_NANOS) {
        writeTo(table, table.rows.firstKey());
      }
    }
  }

  @Override
  public boolean finish() {
    isFinishing = true;
    return tables.values().stream().anyMatch(table -> !table.rows.isEmpty());
  }

  @Override
  public void end() throws IOException {
    for (Table table : tables.values()) {
      writeTo(table, Long.MAX_VALUE);
    }
  }
}
