/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.csv.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingProgress;
import org.daqstream.recording.format.support.RecordingFacts;
import org.daqstream.recording.format.support.SingleRowReader;

/** Reads a table whose descriptions are beside it. */
final class CsvRowReader extends SingleRowReader {
  /** Fact with the number of rows of a file that is finished. */
  static final String ROWS = "daqstream.csv.rows";

  private final Path file;
  private final long fileBytes;
  private final CsvTableLayout layout;
  private final String toldRows; // null: nobody told, or nobody wants to know
  private final boolean isStrict;
  private CsvLines lines;
  private long rows;

  /**
   * At the beginning.
   *
   * @param facts what is told beside the table
   * @param isStrict whether times, and how many rows there are, must be right
   */
  CsvRowReader(Path file, Map<String, String> facts, boolean isStrict) throws IOException {
    super(part(file, facts), RecordingFacts.holes(facts));
    this.file = file;
    this.isStrict = isStrict;
    toldRows = isStrict ? facts.get(ROWS) : null;
    fileBytes = Files.size(file);
    layout = CsvTableLayout.of(part());
    rewind();
  }

  private static RecordingPart part(Path file, Map<String, String> facts) throws IOException {
    Map<String, String> told = new TreeMap<>(facts);
    told.remove(ROWS);
    try {
      return RecordingFacts.part(told);
    } catch (IOException | RuntimeException e) {
      throw new IOException(file + ": its descriptions cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  protected void rewind() throws IOException {
    close();
    lines = new CsvLines(file);
    rows = 0;
    String header;
    try {
      header = lines.next();
    } catch (IOException e) {
      close();
      throw e;
    }
    if (!layout.header().equals(header)) {
      close();
      throw new IOException(file + ": has other columns than are described beside it");
    }
  }

  private IOException failure(String why) {
    return new UnreadableLineException("%s: line %s: %s".formatted(file, lines.number(), why));
  }

  @Override
  protected Row read() throws IOException {
    String text = lines.next();
    if (text == null) {
      checkEnd();
      return null;
    }
    List<String> cells = CsvLines.cells(text);
    if (cells.size() != layout.cells()) {
      throw failure(cells.size() + " cells in place of " + layout.cells());
    }
    int at = layout.axes();
    try {
      long tick = Long.parseLong(cells.get(at - 2));
      long row = Long.parseLong(cells.get(at - 1));
      if (isStrict) {
        checkTime(cells.get(0), tick);
      }
      List<ByteBuffer> samples = new ArrayList<>();
      for (SignalCells each : layout.signals()) {
        samples.add(each.read(cells, at));
        at += each.count();
      }
      rows++;
      return new Row(row, tick, samples);
    } catch (IllegalArgumentException e) {
      String column =
          at == layout.axes() ? "tick, row" : "column " + (at + 1) + " and those behind it";
      throw failure(column + ": " + e.getMessage());
    }
  }

  private void checkEnd() throws IOException {
    long rest = Files.size(file) - lines.end();
    if (rest > 0) {
      throw failure("the next one is cut off after " + rest + " bytes");
    }
    if (toldRows != null && !toldRows.equals(Long.toString(rows))) {
      throw new IOException(
          "%s: has %s rows, and had %s when it was finished".formatted(file, rows, toldRows));
    }
  }

  private void checkTime(String cell, long tick) throws IOException {
    String time = cell == null ? "" : cell;
    if (layout.clock() != null && !time.equals(layout.time(tick))) {
      throw failure("time '%s' where tick %s is '%s'".formatted(time, tick, layout.time(tick)));
    }
  }

  /** How many rows were read. */
  long rows() {
    return rows;
  }

  /** Reads lines as long as they can be; how many bytes of the file they end at. */
  long wholeLines(RecordingProgress progress) throws IOException {
    long end = lines.end();
    try {
      while (read() != null) {
        end = lines.end();
        progress.at(end, fileBytes);
      }
    } catch (UnreadableLineException e) {
      // What is behind it was not synced.
    }
    return end;
  }

  @Override
  public double readRatio() {
    return fileBytes == 0 ? 1 : (double) lines.end() / fileBytes;
  }

  @Override
  public void close() {
    try {
      if (lines != null) {
        lines.close();
      }
    } catch (IOException e) {
      // It was only read.
    }
  }
}
