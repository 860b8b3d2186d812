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
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.recording.format.support.CollectedRows;
import org.daqstream.recording.format.support.RecordingFacts;

/** Reads a table whose descriptions are beside it. */
final class CsvRowReader implements RecordingReader {
  private static final int BLOCK_ROWS = 1024;

  /** A line that was read. */
  private record Line(long tick, long row, List<ByteBuffer> samples) {}

  private final Path file;
  private final RecordingPart part;
  private final List<RecordingHole> holes;
  private final CsvTableLayout layout;
  private final CollectedRows block;
  private CsvLines lines;
  private Line waiting; // the first one of the next block

  /**
   * At the beginning.
   *
   * @param facts what is told beside the table
   */
  CsvRowReader(Path file, Map<String, String> facts) throws IOException {
    this.file = file;
    try {
      part = RecordingFacts.part(facts);
      holes = RecordingFacts.holes(facts);
      layout = CsvTableLayout.of(part);
    } catch (IOException | RuntimeException e) {
      throw new IOException(file + ": its descriptions cannot be read: " + e.getMessage(), e);
    }
    block = new CollectedRows(part.domain(), part.signals(), BLOCK_ROWS);
    begin();
  }

  private void begin() throws IOException {
    lines = new CsvLines(file);
    waiting = null;
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

  @Override
  public RecordingPart part() {
    return part;
  }

  @Override
  public List<RecordingHole> holes() {
    return holes;
  }

  private IOException failure(String why) {
    return new IOException("%s: line %s: %s".formatted(file, lines.number(), why));
  }

  /** The next line, {@code null} at the end. */
  private Line read() throws IOException {
    String text = lines.next();
    if (text == null) {
      long rest = Files.size(file) - lines.end();
      if (rest > 0) {
        throw failure("the next one is cut off after " + rest + " bytes");
      }
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
      List<ByteBuffer> samples = new ArrayList<>();
      for (SignalCells each : layout.signals()) {
        samples.add(each.read(cells, at));
        at += each.count();
      }
      return new Line(tick, row, samples);
    } catch (IllegalArgumentException e) {
      String column =
          at == layout.axes() ? "tick, row" : "column " + (at + 1) + " and those behind it";
      throw failure(column + ": " + e.getMessage());
    }
  }

  /** Lines that were read and can be; how many bytes of the file they end at. */
  long wholeLines(long[] rows) throws IOException {
    long end = lines.end();
    try {
      while (read() != null) {
        rows[0]++;
        end = lines.end();
      }
    } catch (IOException e) {
      // What is behind it was not synced.
    }
    return end;
  }

  @Override
  public RowBlock next() throws IOException {
    block.clear();
    Line line = waiting == null ? read() : waiting;
    if (line == null) {
      return null;
    }
    while (line != null && block.add(line.row(), line.tick(), line.samples())) {
      line = read();
    }
    waiting = line;
    return block;
  }

  @Override
  public void seek(long tick) throws IOException {
    close();
    begin();
    Line line = read();
    while (line != null && line.tick() < tick) {
      line = read();
    }
    waiting = line;
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      // It was only read.
    }
  }
}
