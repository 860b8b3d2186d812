/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;

/**
 * A CSV file in UTF-8 with a header and a time column: each other column a {@code real64} signal,
 * on an explicit domain with the file's own times. An empty cell is NaN.
 */
final class CsvRecording implements Recording {
  private static final int LINE_LIMIT_CHARS = 1 << 20;

  /** What the decoder puts for bytes that are not UTF-8; a number with it is none. */
  private static final char NO_CHARACTER = '\ufffd';

  private static final String SEPARATORS = ",;\t";

  /** Follows the last row when the file is read again and has only one time. */
  private static final long DEFAULT_STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** 146 years; counted from now the sum is a time, too. */
  private static final long ELAPSED_LIMIT_NANOS = 1L << 62;

  private static final String TOO_FAR = "the time is too far from the first one";

  private final FileChannel file;
  private final boolean absoluteTime;
  private final List<CsvColumn> columns = new ArrayList<>();
  private final int timeIndex;
  private final CsvTime time;
  private final long[] ticks;
  private final double[][] samples;
  private final long[] blockNanos;
  private final double[] nextNumbers;
  private char separator;
  private Iterator<CsvRecord> rows;
  private CsvRecord next;
  private long nextNanos;
  private long nextElapsedNanos;
  private DamagedFileException damage;
  private boolean started;
  private Long firstNanos;
  private long passNanos;
  private long lastNanos;
  private long stepNanos;
  private int count;

  /**
   * Opens a file and reads its header.
   *
   * @param path the file
   * @param timeColumn name of the time column, empty for the first one
   * @param absoluteTime whether samples keep the times of the file as they are
   */
  CsvRecording(Path path, String timeColumn, boolean absoluteTime) throws IOException {
    file = FileChannel.open(path);
    this.absoluteTime = absoluteTime;
    try {
      openRows();
      next = nextRow();
      if (next == null) {
        throw DamagedFileException.atLine(1, "there is no header");
      }
      readHeader();
      timeIndex = timeIndex(timeColumn);
      time = new CsvTime(columns.get(timeIndex));
      int limitRows = Math.max(1, BLOCK_LIMIT_VALUES / columns.size());
      ticks = new long[limitRows];
      blockNanos = new long[limitRows];
      samples = new double[columns.size() - 1][limitRows];
      nextNumbers = new double[samples.length];
      advance();
      if (next == null) {
        throw DamagedFileException.atLine(2, "there are no rows");
      }
    } catch (IllegalArgumentException e) {
      file.close();
      throw DamagedFileException.atLine(1, e.getMessage());
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Starts at the first line of the file, which stays open: it may be deleted meanwhile. */
  private void openRows() throws IOException {
    file.position(0);
    BufferedReader text =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(file), UTF_8), LINE_LIMIT_CHARS / 16);
    skipByteOrderMark(text);
    separator = separator(text);
    rows =
        CsvReader.builder()
            .fieldSeparator(separator)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .maxBufferSize(LINE_LIMIT_CHARS)
            .ofCsvRecord(text)
            .iterator();
  }

  private static void skipByteOrderMark(BufferedReader text) throws IOException {
    text.mark(1);
    if (text.read() != '\ufeff') {
      text.reset();
    }
  }

  /** The one of comma, semicolon and tab that is most frequent in the first line. */
  private static char separator(BufferedReader text) throws IOException {
    int limitChars = LINE_LIMIT_CHARS / 16;
    int[] counts = new int[SEPARATORS.length()];
    text.mark(limitChars);
    for (int i = 0; i < limitChars; i++) {
      int c = text.read();
      if (c < 0 || c == '\n' || c == '\r') {
        break;
      }
      int which = SEPARATORS.indexOf(c);
      if (which >= 0) {
        counts[which]++;
      }
    }
    text.reset();
    int best = 0;
    for (int i = 1; i < counts.length; i++) {
      best = counts[i] > counts[best] ? i : best;
    }
    return SEPARATORS.charAt(best);
  }

  private CsvRecord nextRow() throws IOException {
    try {
      return rows.hasNext() ? rows.next() : null;
    } catch (CsvParseException | UncheckedIOException e) {
      throw DamagedFileException.of(e);
    }
  }

  private void readHeader() {
    Set<String> names = new HashSet<>();
    for (String cell : next.getFields()) {
      if (cell.indexOf(NO_CHARACTER) >= 0) {
        throw new IllegalArgumentException("'" + shortened(cell) + "' is not text in UTF-8");
      }
      CsvColumn column = CsvColumn.parse(cell);
      if (column.name().isEmpty() || isNumber(column.name())) {
        throw new IllegalArgumentException(
            "'" + shortened(cell) + "' in the header is no name of a column");
      }
      if (!names.add(column.name())) {
        throw new IllegalArgumentException("two columns are named '" + column.name() + "'");
      }
      columns.add(column);
    }
    if (columns.size() < 2 || columns.size() > SIGNAL_LIMIT + 1) {
      throw new IllegalArgumentException(
          columns.size() + " columns, allowed are 2 to " + (SIGNAL_LIMIT + 1));
    }
  }

  private int timeIndex(String timeColumn) {
    for (int i = 0; i < columns.size(); i++) {
      if (timeColumn.isEmpty() || columns.get(i).name().equals(timeColumn)) {
        return i;
      }
    }
    throw new IllegalArgumentException("there is no column '" + timeColumn + "' for the time");
  }

  @Override
  public SignalDescriptor domain(String signalId) {
    return SignalDescriptor.explicitTime(signalId);
  }

  @Override
  public List<SignalDescriptor> signals(String idPrefix) {
    List<SignalDescriptor> signals = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      if (i != timeIndex) {
        CsvColumn column = columns.get(i);
        signals.add(
            SignalDescriptor.value(idPrefix + column.name(), DataTypes.REAL64)
                .name(column.name())
                .description("Column " + (i + 1) + " of a CSV file")
                .unit(column.unit())
                .build());
      }
    }
    return signals;
  }

  @Override
  public int read(long spanNanos) throws IOException {
    if (damage != null) {
      throw damage;
    }
    count = 0;
    while (next != null && count < ticks.length && isWithin(spanNanos)) {
      take();
      try {
        advance();
      } catch (DamagedFileException e) { // the rows before it are good
        damage = e;
        next = null;
      }
    }
    return count;
  }

  private boolean isWithin(long spanNanos) {
    return count == 0 || nextNanos - ticks[0] < spanNanos;
  }

  /** The row that was read ahead goes into the block. */
  private void take() {
    if (started && nextNanos > lastNanos) {
      stepNanos = nextNanos - lastNanos;
    }
    started = true;
    lastNanos = nextNanos;
    ticks[count] = nextNanos;
    blockNanos[count] = nextElapsedNanos;
    for (int i = 0; i < samples.length; i++) {
      samples[i][count] = nextNumbers[i];
    }
    count++;
  }

  /** Reads one row ahead. */
  private void advance() throws IOException {
    next = nextRow();
    if (next == null) {
      return;
    }
    try {
      if (next.getFieldCount() != columns.size()) {
        throw new IllegalArgumentException(
            next.getFieldCount() + " cells, the header has " + columns.size());
      }
      readTime();
      int signal = 0;
      for (int i = 0; i < columns.size(); i++) {
        if (i != timeIndex) {
          nextNumbers[signal++] = number(i);
        }
      }
    } catch (IllegalArgumentException e) {
      throw DamagedFileException.atLine(next.getStartingLineNumber(), e.getMessage());
    }
  }

  private void readTime() {
    nextNanos = time.parseNanos(cell(timeIndex));
    if (firstNanos == null) {
      firstNanos = nextNanos;
    }
    try {
      nextElapsedNanos = Math.addExact(passNanos, Math.subtractExact(nextNanos, firstNanos));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(TOO_FAR, e);
    }
    if (Math.abs(nextElapsedNanos) > ELAPSED_LIMIT_NANOS) {
      throw new IllegalArgumentException(TOO_FAR);
    }
  }

  private String cell(int column) {
    String cell = next.getField(column).strip();
    return separator == ',' ? cell : cell.replace(',', '.');
  }

  private double number(int column) {
    String cell = cell(column);
    if (cell.isEmpty()) {
      return Double.NaN;
    }
    if (!isNumber(cell)) {
      throw new IllegalArgumentException(
          "'" + shortened(cell) + "' in column '" + columns.get(column).name() + "' is no number");
    }
    return Double.parseDouble(cell);
  }

  /** Java's own suffixes and hexadecimal numbers are none. */
  private static boolean isNumber(String text) {
    if (text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity")) {
      return true;
    }
    for (int i = 0; i < text.length(); i++) {
      if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    try {
      Double.parseDouble(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  static String shortened(String cell) {
    return cell.length() <= 40 ? cell : cell.substring(0, 40) + "…";
  }

  @Override
  public long elapsedNanos() {
    return blockNanos[count - 1];
  }

  @Override
  public WriteResult write(SignalTable table, long startNanos) {
    if (!absoluteTime) {
      for (int i = 0; i < count; i++) {
        ticks[i] = startNanos + blockNanos[i];
      }
    }
    return table.write(ticks, samples, 0, count);
  }

  @Override
  public void rewind() throws IOException {
    long step = stepNanos > 0 ? stepNanos : DEFAULT_STEP_NANOS;
    passNanos = Math.max(passNanos, passNanos + lastNanos - firstNanos) + step;
    started = false;
    openRows();
    nextRow(); // the header
    advance();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
